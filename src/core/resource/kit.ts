import { Inject, Injectable, Optional } from '@nestjs/common';
import { Audit } from '../audit/audit.service.js';
import { Refusals } from '../audit/refusals.js';
import { Units } from '../database/units.js';
import { EventBus } from '../events/events.js';
import { KnownSecrets } from '../redaction/known-secrets.js';
import { ResourceRegistry } from './resource-registry.js';
import { Rows } from '../table/rows.js';
import { CustomFields } from './custom/custom-fields.js';
import { Tagging } from './tags/tagging.js';

/** What every resource service stands on, so that a domain's own constructor names only what is its own. */
@Injectable()
export class ResourceKit {
  @Optional() @Inject(Tagging) private readonly tags?: Tagging;
  @Optional() @Inject(CustomFields) private readonly custom?: CustomFields;
  @Optional() @Inject(KnownSecrets) readonly knownSecrets?: KnownSecrets;

  constructor(
    readonly units: Units,
    readonly rows: Rows,
    readonly audit: Audit,
    readonly refusals: Refusals,
    readonly events: EventBus,
    readonly registry: ResourceRegistry,
  ) {}

  get tagging(): Tagging {
    if (!this.tags) throw new Error('A taggable resource needs the tags of the directory');
    return this.tags;
  }

  get customFields(): CustomFields {
    if (!this.custom) throw new Error('A resource with custom fields needs the room of their definitions');
    return this.custom;
  }
}
