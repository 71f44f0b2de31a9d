import { ApiTags } from '@nestjs/swagger';

const DESCRIPTIONS = new Map<string, string>();

/**
 * Groups the routes of a controller under a heading of the document, with a sentence about them. Further
 * controllers of the same group say `@ApiTags(name)` alone.
 */
export function DescribedTag(name: string, description: string): ClassDecorator & MethodDecorator {
  DESCRIPTIONS.set(name, description);
  return ApiTags(name);
}

/** The headings that were described, by name. */
export function describedTags(): ReadonlyMap<string, string> {
  return DESCRIPTIONS;
}
