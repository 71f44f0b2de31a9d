import { ApiProperty } from '@nestjs/swagger';
import type { TriggerFault } from '../../core/audit/journal-triggers.js';
import type { JournalReport } from '../../core/audit/journal-verifier.js';
import type { JournalFault } from '../../core/audit/verify.js';

class JournalFaultAnswer implements JournalFault {
  @ApiProperty({
    enum: ['mac', 'key', 'duplicate', 'order', 'future'],
    description: 'Which check the entry did not pass',
  })
  kind!: JournalFault['kind'];
  @ApiProperty({ type: 'integer', description: 'The key of the entry in the journal' }) n!: number;
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'The time that the entry says, in UTC, as it is stored' }) at!: string;
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
  @ApiProperty({ type: 'integer', description: 'How many faults there are' }) fault_count!: number;
  @ApiProperty({ type: [JournalFaultAnswer], description: 'The first hundred, in order of n' })
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
