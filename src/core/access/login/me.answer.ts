import { ApiPropertyOptional } from '@nestjs/swagger';
import { bodiesOf } from '../../resource/bodies/bodies.js';
import { resourceOf } from '../../resource/resource.js';
import { AccessToken } from '../access-tokens/access-token.entity.js';
import { User } from '../user.entity.js';

/** Who asks. */
export class Me extends bodiesOf(resourceOf(User)).view {
  @ApiPropertyOptional({
    type: bodiesOf(resourceOf(AccessToken)).view,
    description: 'What asks in the user’s place, where it is an access token: it may do no more than this',
  })
  access_token?: object;
}
