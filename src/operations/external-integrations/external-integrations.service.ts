import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { ExternalIntegration } from './external-integration.entity.js';

@Injectable()
export class ExternalIntegrationsService extends ResourceService(ExternalIntegration) {}
