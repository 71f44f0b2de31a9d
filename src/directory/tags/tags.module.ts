import { Global, Module } from '@nestjs/common';
import { Tagging } from '../../core/resource/tags/tagging.js';
import { RowTags } from './row-tags.js';
import { TagsController } from './tags.controller.js';
import { TagsService } from './tags.service.js';

/** Global: the resource kit finds the tagging of every wing's rows here. */
@Global()
@Module({
  controllers: [TagsController],
  providers: [TagsService, { provide: Tagging, useClass: RowTags }],
  exports: [TagsService, Tagging],
})
export class TagsModule {}
