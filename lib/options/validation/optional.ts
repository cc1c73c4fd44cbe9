import { ValidateIf } from 'class-validator';

/** An option that may be left out. `null`, unlike for class-validator's `IsOptional`, is a value. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
