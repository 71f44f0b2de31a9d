import { ApiProperty } from '@nestjs/swagger';
import { PageFrame } from '../../core/resource/describe/answers.js';
import { Reason } from '../../core/resource/bodies/body-decorators.js';

export class Exposure {
  @ApiProperty({ format: 'uuid' }) credential_id!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
  @ApiProperty() service_name!: string;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Null for a stranger who has opened it by a link',
  })
  user_id!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'As it is, or as it was when they left; of a stranger whose link it was',
  })
  user_name!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Of a stranger: from where' })
  address!: string | null;
  @ApiProperty({ description: 'False for who is disabled or gone, and for strangers' }) is_active!: boolean;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'How often it was revealed' }) times!: number;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) first_seen_at!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) last_seen_at!: string | null;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When they wrote the present secret',
  })
  wrote_at!: string | null;
  @ApiProperty({ description: 'False: they know the present secret' }) rotated_since!: boolean;
  @ApiProperty({ type: 'string', nullable: true, description: 'What wants it rotated already' })
  rotation_demand!: string | null;
}

export class ExposurePage extends PageFrame {
  @ApiProperty({ type: () => [Exposure] }) items!: Exposure[];
}

export class Knower {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Null for strangers by a link',
  })
  user_id!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) user_name!: string | null;
  @ApiProperty({ description: 'False for who is disabled or gone' }) is_active!: boolean;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Credentials that they have seen or written' })
  credentials!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Those of which they know the last secret' })
  known!: number;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) last_seen_at!: string | null;
}

export class DemandBody {
  @Reason({ max: 200, example: 'Ada leaves on Friday' })
  reason!: string;
}

export class Demanded {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Credentials that want to be rotated because of this',
  })
  demanded!: number;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Those that something wants rotated already: they keep its reason',
  })
  demanded_before!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'One call marks 1,000: with more, ask again' })
  remaining!: number;
}
