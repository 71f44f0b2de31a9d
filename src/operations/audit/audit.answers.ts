import { ApiProperty } from '@nestjs/swagger';
import type { TriggerFault } from '../../core/audit/journal-triggers.js';
import type { JournalReport } from '../../core/audit/journal-verifier.js';
import { FAULT_KINDS, type JournalFault } from '../../core/audit/verification/verification.js';

class JournalFaultAnswer implements JournalFault {
  @ApiProperty({
    enum: [...FAULT_KINDS],
    description: 'Which check was not passed',
  })
  kind!: JournalFault['kind'];
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The place in the trail from which on it is not what was sealed; null without one',
  })
  seq!: number | null;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The key of the entry in the journal; null where the fault is that of no entry',
  })
  n!: number | null;
  @ApiProperty({ type: 'string', nullable: true, format: 'uuid' }) id!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The time that the entry says, in UTC, as it is stored',
  })
  at!: string | null;
  @ApiProperty({ description: 'In words' }) message!: string;
}

class TriggerFaultAnswer implements TriggerFault {
  @ApiProperty({ description: 'The name of the trigger' }) trigger!: string;
  @ApiProperty({ description: 'In words' }) message!: string;
  @ApiProperty({ type: [String], description: 'The statements that put it right' }) mend!: string[];
}

/** What `verifyAudit` answers with. */
export class VerificationAnswer implements JournalReport {
  @ApiProperty({ description: 'Nothing is wrong' }) ok!: boolean;
  @ApiProperty({ type: 'integer', description: 'Entries that were read' }) checked!: number;
  @ApiProperty({ type: 'integer', description: 'Those of them that are sealed' }) sealed!: number;
  @ApiProperty({ type: 'integer', description: 'How many faults there are' }) fault_count!: number;
  @ApiProperty({ type: [JournalFaultAnswer], description: 'The first hundred, in the order of the trail' })
  faults!: JournalFaultAnswer[];
  @ApiProperty({ type: [JournalFaultAnswer], description: 'What is odd and may be innocent' })
  warnings!: JournalFaultAnswer[];
  @ApiProperty({
    type: [TriggerFaultAnswer],
    description:
      'Triggers of the journal that are missing, altered or strange: entries can be changed or dropped',
  })
  triggers!: TriggerFaultAnswer[];
}
