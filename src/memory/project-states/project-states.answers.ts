import { ApiProperty } from '@nestjs/swagger';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ProjectState } from './project-state.entity.js';

class FormerStateAnswer {
  @ApiProperty({ type: 'integer' }) version!: number;
  @ApiProperty({ format: 'date-time', description: 'Since when it was so' }) valid_from!: string;
  @ApiProperty({ format: 'date-time', description: 'When the next version took its place' })
  valid_to!: string;
  @ApiProperty({ type: bodiesOf(resourceOf(ProjectState)).view, description: 'The state as it was' })
  state!: object;
}

/** What `getProjectStateHistory` answers with. */
export class ProjectStateHistory {
  @ApiProperty({
    type: [FormerStateAnswer],
    description: 'Newest first; the present state is not among them',
  })
  items!: FormerStateAnswer[];
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'As `before`, it gives the versions that come next; null when these are the last',
  })
  next!: number | null;
}
