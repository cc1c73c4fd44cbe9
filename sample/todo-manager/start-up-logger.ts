import { ConsoleLogger } from '@nestjs/common';

/** A logger for warnings only. Nest logs start-up errors and throws them too. `main.ts` prints them. */
export class StartUpLogger extends ConsoleLogger {
  constructor() {
    super({ logLevels: ['warn'] });
  }

  override error(): void {
    // main.ts prints the error.
  }
}
