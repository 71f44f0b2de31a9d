import { ApiController } from '../http/api-controller.js';
import { ResourceController } from '../resource/resource.controller.js';
import { CustomFieldDefinition } from './definition.entity.js';
import { DefinitionsService } from './definitions.service.js';

@ApiController('custom-field-definitions')
export class DefinitionsController extends ResourceController(CustomFieldDefinition) {
  constructor(readonly service: DefinitionsService) {
    super();
  }
}
