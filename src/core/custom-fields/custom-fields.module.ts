import { Global, Module } from '@nestjs/common';
import { CustomFields } from '../resource/custom/custom-fields.js';
import { Definitions } from './definitions.js';
import { DefinitionsController } from './definitions.controller.js';
import { DefinitionsService } from './definitions.service.js';
import { StoredValues } from './stored-values.js';
import { RowValues } from './row-values.js';

/** Global: the resource kit finds the custom fields of every wing's rows here. */
@Global()
@Module({
  controllers: [DefinitionsController],
  providers: [Definitions, DefinitionsService, StoredValues, { provide: CustomFields, useClass: RowValues }],
  exports: [CustomFields],
})
export class CustomFieldsModule {}
