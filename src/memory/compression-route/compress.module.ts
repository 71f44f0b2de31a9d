import { Module } from '@nestjs/common';
import { CompressController } from './compress.controller.js';
import { CompressService } from './compress.service.js';

@Module({ controllers: [CompressController], providers: [CompressService] })
export class CompressModule {}
