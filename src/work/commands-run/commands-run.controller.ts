import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { CommandRun } from './command-run.entity.js';
import { CommandsRunService } from './commands-run.service.js';

@ApiController('commands-run')
export class CommandsRunController extends ResourceController(CommandRun) {
  constructor(readonly service: CommandsRunService) {
    super();
  }
}
