import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AppSettings } from '../config/settings.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokenCheck } from './access-tokens/token-check.js';
import { AccessTokensController } from './access-tokens/access-tokens.controller.js';
import { AccessTokensService } from './access-tokens/access-tokens.service.js';
import { Areas } from './access-tokens/areas.js';
import { LastingActors } from './lasting-actors.js';
import { LastUses } from './access-tokens/last-uses.js';
import { AuthController } from './login/auth.controller.js';
import { AuthService } from './login/auth.service.js';
import { JwtStrategy } from './tokens/jwt.strategy.js';
import { LegacyLoginController } from './login/legacy-login.controller.js';
import { LoginCheck } from './tokens/login-check.js';
import { Lockouts } from './factors/lockouts.js';
import { Logins } from './tokens/logins.js';
import { PasswordStrength } from './factors/password-strength.js';
import { Passwords } from './factors/passwords.js';
import { PresentRights } from './present-rights.js';
import { RevealGate } from './reveal-gate.js';
import { RouteCheck } from './route-check.js';
import { StepUp } from './factors/step-up.js';
import { TokenController } from './login/token.controller.js';
import { INSTALL_ID, TokenSigner } from './tokens/token-signer.js';
import { Totp } from './factors/totp.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

const signer = {
  provide: TokenSigner,
  inject: [AppSettings, INSTALL_ID],
  useFactory: (settings: AppSettings, install_id: string) => {
    const { JWT_SECRET_KEY: secret, JWT_ALGORITHM, ACCESS_TOKEN_EXPIRE_MINUTES } = settings;
    if (!secret) throw new Error('JWT_SECRET_KEY is missing');
    return new TokenSigner(secret.reveal(), JWT_ALGORITHM, install_id, ACCESS_TOKEN_EXPIRE_MINUTES);
  },
};

@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [
    AuthController,
    LegacyLoginController,
    TokenController,
    UsersController,
    AccessTokensController,
  ],
  providers: [
    signer,
    AccessGuard,
    AccessTokenCheck,
    AccessTokensService,
    Areas,
    AuthService,
    JwtStrategy,
    LastingActors,
    LastUses,
    Lockouts,
    LoginCheck,
    Logins,
    Passwords,
    PasswordStrength,
    PresentRights,
    RevealGate,
    RouteCheck,
    StepUp,
    Totp,
    UsersService,
  ],
  exports: [
    AccessGuard,
    AccessTokensService,
    Areas,
    AuthService,
    LastingActors,
    Logins,
    Passwords,
    PasswordStrength,
    RevealGate,
    StepUp,
    Totp,
    UsersService,
  ],
})
export class AccessModule {}
