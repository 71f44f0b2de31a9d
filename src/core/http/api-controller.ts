import { Controller } from '@nestjs/common';

/** A controller below /api. */
export const ApiController = (path: string): ClassDecorator =>
  Controller(path === '' ? 'api' : `api/${path}`);
