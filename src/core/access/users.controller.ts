import { ApiController } from '../http/api-controller.js';
import { ResourceController } from '../resource/resource.controller.js';
import { User } from './user.entity.js';
import { UsersService } from './users.service.js';

@ApiController('users')
export class UsersController extends ResourceController(User) {
  constructor(readonly service: UsersService) {
    super();
  }
}
