import { Controller, Get, Module } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Public } from 'nestjs-mcp-auth';
import { McpAuthHealthIndicator } from 'nestjs-mcp-auth/terminus';
import { AppModule } from './app.module.js';

@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly mcpAuth: McpAuthHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check(this.mcpAuth.all());
  }
}

/** The app, with the entry points of the package that have a peer. */
@Module({
  imports: [AppModule, TerminusModule],
  controllers: [HealthController],
  providers: [McpAuthHealthIndicator],
})
export class ObservedModule {}
