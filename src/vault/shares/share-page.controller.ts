import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../core/http/access.decorators.js';
import { IgnoresQuery } from '../../core/http/known-query.guard.js';
import { SHARE_PAGE, SHARE_POLICY } from './share-page.js';

/**
 * The page behind every link, the same for all of them: which link it is stands behind the #, which no browser sends.
 * So whoever looks at links beforehand (mail, messengers, proxies) sees nothing and uses nothing up.
 */
@ApiExcludeController()
@Controller()
export class SharePageController {
  @Get('share')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', SHARE_POLICY)
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  @Header('x-robots-tag', 'noindex, nofollow, noarchive')
  @Header('x-frame-options', 'DENY')
  @Public()
  @IgnoresQuery()
  page(): string {
    return SHARE_PAGE;
  }
}
