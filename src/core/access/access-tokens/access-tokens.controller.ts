import { ApiController } from '../../http/api-controller.js';
import { ResourceController } from '../../resource/resource.controller.js';
import { AccessToken } from './access-token.entity.js';
import { AccessTokensService } from './access-tokens.service.js';

@ApiController('access-tokens')
export class AccessTokensController extends ResourceController(AccessToken) {
  constructor(readonly service: AccessTokensService) {
    super();
  }
}
