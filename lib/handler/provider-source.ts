import type { Abstract, Type } from '@nestjs/common';

/** A source of providers: an application, or the `ModuleRef` of any module. */
export interface ProviderSource {
  /** Returns the provider of a class. */
  get<T>(type: Type<T> | Abstract<T>, options: { strict: false }): T;
}
