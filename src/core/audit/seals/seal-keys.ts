import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../crypto/key-ring.js';
import { Keystore } from '../../crypto/keystore/keystore.js';
import { openCheckpoint, signCheckpoint, type TreeHead } from '../../../formats/trail/checkpoint.js';
import { publicKeyOf } from '../../../formats/trail/ed25519.js';
import { verifierKey } from '../../../formats/trail/signed-note.js';

const KEY = 'audit-signature';

/** What opens checkpoints that a key of this installation has signed. */
export interface Opener {
  /** @throws FormatError for any other */
  open(note: string): Promise<TreeHead>;
}

/** The keys that sign the trail: Ed25519, system keys of the keystore in every version that there is. */
@Injectable()
export class SealKeys implements Opener {
  private named?: Promise<string>;

  constructor(
    private readonly keys: KeyRing,
    private readonly keystore: Keystore,
  ) {}

  /** The name of the trail: `opskeep/<install id>`. */
  get origin(): Promise<string> {
    return (this.named ??= this.findOrigin());
  }

  /** Loads what `sign` needs, so that nothing is waited for while the trail is locked. */
  async warm(): Promise<void> {
    await this.origin;
    await this.keys.useSystem(KEY, undefined, () => undefined);
  }

  /** A checkpoint, signed by the newest key. */
  async sign(head: TreeHead): Promise<string> {
    const origin = await this.origin;
    return this.keys.useSystem(KEY, undefined, seed => signCheckpoint(origin, head, seed));
  }

  /** What a checkpoint says, if a key of this installation has signed it. @throws FormatError otherwise */
  async open(note: string): Promise<TreeHead> {
    return openCheckpoint(note, await this.origin, await this.publicKeys());
  }

  /** With the keys that there are now, and without asking for them again: for very many checkpoints. */
  async opener(): Promise<Opener> {
    const [origin, keys] = [await this.origin, await this.publicKeys()];
    return { open: async note => openCheckpoint(note, origin, keys) };
  }

  /** Of each version, the newest last, what independent programs verify with (C2SP signed-note). */
  async verifierKeys(): Promise<string[]> {
    const name = await this.origin;
    return (await this.publicKeys()).map(publicKey => verifierKey({ name, publicKey }));
  }

  private async publicKeys(): Promise<Buffer[]> {
    const versions = await this.keys.systemVersionsOf(KEY);
    return Promise.all(versions.map(one => this.keys.useSystem(KEY, one, publicKeyOf)));
  }

  private async findOrigin(): Promise<string> {
    try {
      const id = await this.keystore.fact('install_id');
      if (id === undefined) throw new Error('The keystore does not say which installation it belongs to');
      return `opskeep/${id}`;
    } catch (error) {
      this.named = undefined;
      throw error;
    }
  }
}
