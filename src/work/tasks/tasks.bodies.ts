import { ApiProperty } from '@nestjs/swagger';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { PlacesFrame } from '../../core/resource/describe/describe-places.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Task } from './task.entity.js';
import type { TaskInTree, TaskTree } from './tasks.service.js';

class TaskWithDepth extends (bodiesOf(resourceOf(Task)).view as new () => Task) {
  @ApiProperty({
    type: 'integer',
    example: 1,
    description: 'Steps below the task that was asked for, which has 0',
  })
  depth!: number;
}

export class TaskTreePage extends PlacesFrame implements TaskTree {
  @ApiProperty({
    type: [TaskWithDepth],
    description: 'Level by level, so that parents come before what is below',
  })
  items!: TaskInTree[];
}
