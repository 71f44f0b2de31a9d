import { Reason } from '../../core/resource/bodies/body-decorators.js';

export class ReopenIncidentBody {
  @Reason({
    min: 1,
    max: 2000,
    example: 'The same account has sent mail again',
    description: 'Written to the timeline, not to the report',
  })
  reason!: string;
}
