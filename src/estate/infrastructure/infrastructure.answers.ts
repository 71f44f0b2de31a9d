import { ApiProperty } from '@nestjs/swagger';
import { OverviewOfResource } from '../../core/resource/describe/overview.answers.js';

const part = (description: string) => ApiProperty({ type: [OverviewOfResource], description });

export class InfrastructureOverview {
  @part('What runs on it: services, and what it hosts') runs!: OverviewOfResource[];
  @part('Who can log in: credentials that name it or are linked with it, without their secrets')
  access!: OverviewOfResource[];
  @part('What was changed on it') changes!: OverviewOfResource[];
  @part('What is known to fail on it, and its incidents') problems!: OverviewOfResource[];
  @part('What else belongs to it') more!: OverviewOfResource[];
}
