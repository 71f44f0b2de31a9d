import { IfSent, Reason } from '../../core/resource/bodies/body-decorators.js';
import { ApiPropertyOptional } from '@nestjs/swagger';

export class NoteBody {
  @ApiPropertyOptional()
  @IfSent()
  @Reason({ example: 'Ask me again when the maintenance has begun' })
  note?: string;
}

export class RefusalBody {
  @Reason({ example: 'The account of the site is enough for that' })
  note!: string;
}
