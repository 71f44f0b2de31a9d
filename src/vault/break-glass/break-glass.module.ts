import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { BreakGlassController } from './break-glass.controller.js';
import { BreakGlass } from './break-glass.service.js';

@Module({
  imports: [CredentialsModule, IncidentsModule],
  controllers: [BreakGlassController],
  providers: [BreakGlass],
})
export class BreakGlassModule {}
