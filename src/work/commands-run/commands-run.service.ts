import { Injectable } from '@nestjs/common';
import { nextInOrder } from '../../core/resource/structure/siblings.js';
import { type Body, ResourceService } from '../../core/resource/resource.service.js';
import { requireOwnWorkItem } from '../sessions/session-detail.js';
import { CommandRun } from './command-run.entity.js';

@Injectable()
export class CommandsRunService extends ResourceService(CommandRun) {
  protected override async fill(row: CommandRun, before: CommandRun | undefined, body: Body): Promise<void> {
    if (before?.session_id !== row.session_id && body.execution_order === undefined)
      row.execution_order = await nextInOrder(this.kit, this.spec, 'execution_order', 'session_id', row);
  }

  protected override async check(row: CommandRun, before?: CommandRun): Promise<void> {
    await requireOwnWorkItem(this.kit.units, row, before);
  }

  protected override nameOf({ command_text }: CommandRun): string {
    return command_text.slice(0, 200);
  }
}
