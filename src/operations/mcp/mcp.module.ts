import { Module } from '@nestjs/common';
import { McpController } from './mcp.controller.js';
import { McpService } from './mcp.service.js';
import { OwnRoutes } from './own-routes.js';

@Module({ controllers: [McpController], providers: [McpService, OwnRoutes] })
export class McpModule {}
