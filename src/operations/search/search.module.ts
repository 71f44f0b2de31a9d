import { Module } from '@nestjs/common';
import { SearchController } from './search.controller.js';
import { SearchFills } from './search-fills.service.js';
import { SearchHits } from './search-hits.service.js';
import { SearchIndex } from './search-index.service.js';
import { SearchService } from './search.service.js';
import './search-term.entity.js';

@Module({
  controllers: [SearchController],
  providers: [SearchService, SearchHits, SearchIndex, SearchFills],
})
export class SearchModule {}
