import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AppSettings } from '../config/settings.js';
import { AccessGuard } from './access.guard.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LegacyLoginController } from './legacy-login.controller.js';
import { LoginCheck } from './login-check.js';
import { Lockouts } from './lockouts.js';
import { Logins } from './logins.js';
import { PasswordStrength } from './password-strength.js';
import { Passwords } from './passwords.js';
import { RevealGate } from './reveal-gate.js';
import { RouteCheck } from './route-check.js';
import { StepUp } from './step-up.js';
import { TokenController } from './token.controller.js';
import { INSTALL_ID, TokenSigner } from './token-signer.js';
import { Totp } from './totp.js';
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
  controllers: [AuthController, LegacyLoginController, TokenController, UsersController],
  providers: [
    signer,
    AccessGuard,
    AuthService,
    JwtStrategy,
    Lockouts,
    LoginCheck,
    Logins,
    Passwords,
    PasswordStrength,
    RevealGate,
    RouteCheck,
    StepUp,
    Totp,
    UsersService,
  ],
  exports: [
    AccessGuard,
    AuthService,
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
