import { ConsoleLogger } from '@nestjs/common';

/** A logger for warnings only. Nest both logs and throws start-up errors. `main.ts` prints the thrown errors. */
export class StartUpLogger extends ConsoleLogger {
  constructor() {
    super({ logLevels: ['warn'] });
  }

  override error(): void {
    // main.ts prints the error.
  }
}
