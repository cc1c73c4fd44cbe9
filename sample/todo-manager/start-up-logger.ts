import { ConsoleLogger } from '@nestjs/common';

/** Warnings only. Nest logs what fails at start-up and throws it too; the caller tells it. */
export class StartUpLogger extends ConsoleLogger {
  constructor() {
    super({ logLevels: ['warn'] });
  }

  override error(): void {
    // Told by the caller.
  }
}
