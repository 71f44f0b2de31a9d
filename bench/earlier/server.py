"""The stack of the systems that Opskeep replaces: FastAPI, SQLAlchemy and Fernet, written for this comparison alone.

It does what a credentials API of that stack does, as their own tutorials put it: the login is a JWT that is checked and
whose user is read, answers are validated by their models, a credential that is shown is decrypted and leaves a row in
an audit table, a new one is encrypted and leaves another. It has none of Opskeep's promises: no chained trail, no keys
for each client, no policies, no rights beyond the login.

    python3 server.py serve PORT MYSQL_URL    one process of uvicorn; prints its url when it listens
    python3 server.py fill COUNT MYSQL_URL    tables and rows; prints {"token": ..., "credentials": [id], "services": [id]}

EARLIER_KEY (a Fernet key, which signs the logins as well) in the environment.
"""

import json
import os
import sys
import uuid
from datetime import datetime, timedelta

import jwt
import uvicorn
from cryptography.fernet import Fernet
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, constr
from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, String, Text, create_engine
from sqlalchemy.orm import Session, declarative_base, relationship, sessionmaker

KEY = os.environ["EARLIER_KEY"]
CONNECTIONS = 32
BATCH = 1000

Base = declarative_base()
cipher = Fernet(KEY)
bearer = HTTPBearer()
app = FastAPI()
sessions = sessionmaker(autocommit=False, autoflush=False)


def new_id():
    return str(uuid.uuid4())


class Row:
    id = Column(String(36), primary_key=True, default=new_id)
    created_at = Column(DateTime, default=datetime.utcnow, nullable=False)
    updated_at = Column(DateTime, default=datetime.utcnow, onupdate=datetime.utcnow, nullable=False)


class User(Row, Base):
    __tablename__ = "users"
    email = Column(String(255), unique=True, nullable=False)
    is_active = Column(Boolean, default=True, nullable=False)


class Client(Row, Base):
    __tablename__ = "clients"
    name = Column(String(255), index=True, nullable=False)


class Service(Row, Base):
    __tablename__ = "services"
    client_id = Column(ForeignKey("clients.id"), index=True, nullable=False)
    name = Column(String(255), index=True, nullable=False)
    service_type = Column(String(100), index=True)
    port = Column(Integer)
    protocol = Column(String(50))
    external_url = Column(String(500))
    internal_url = Column(String(500))
    status = Column(String(50), default="running", index=True)
    version_label = Column(String(100))
    notes = Column(Text)


class Credential(Row, Base):
    __tablename__ = "credentials"
    client_id = Column(ForeignKey("clients.id"), index=True)
    service_id = Column(ForeignKey("services.id"), index=True)
    credential_type = Column(String(50), index=True, nullable=False)
    service_name = Column(String(255), index=True, nullable=False)
    username = Column(String(255))
    password_encrypted = Column(Text)
    api_key_encrypted = Column(Text)
    token_encrypted = Column(Text)
    external_url = Column(String(500))
    internal_url = Column(String(500))
    custom_port = Column(Integer)
    requires_vpn = Column(Boolean, default=False)
    requires_2fa = Column(Boolean, default=False)
    expires_at = Column(DateTime, index=True)
    last_rotated_at = Column(DateTime)
    is_active = Column(Boolean, default=True, index=True)
    notes = Column(Text)
    client = relationship(Client)


class AuditLog(Base):
    __tablename__ = "credential_audit_log"
    id = Column(String(36), primary_key=True, default=new_id)
    credential_id = Column(ForeignKey("credentials.id"), index=True)
    user_id = Column(String(36), index=True, nullable=False)
    action = Column(String(50), index=True, nullable=False)
    timestamp = Column(DateTime, default=datetime.utcnow, index=True, nullable=False)
    details = Column(Text)


class ServiceShown(BaseModel):
    id: str
    client_id: str
    name: str
    service_type: str = None
    port: int = None
    protocol: str = None
    external_url: str = None
    internal_url: str = None
    status: str = None
    version_label: str = None
    notes: str = None
    created_at: datetime
    updated_at: datetime

    class Config:
        orm_mode = True


class CredentialNew(BaseModel):
    client_id: str = None
    service_id: str = None
    credential_type: constr(max_length=50)
    service_name: constr(max_length=255)
    username: constr(max_length=255) = None
    password: str = None
    external_url: constr(max_length=500) = None
    notes: str = None


class CredentialListed(BaseModel):
    id: str
    client_id: str = None
    service_id: str = None
    credential_type: str
    service_name: str
    username: str = None
    external_url: str = None
    internal_url: str = None
    custom_port: int = None
    requires_vpn: bool
    requires_2fa: bool
    expires_at: datetime = None
    last_rotated_at: datetime = None
    is_active: bool
    notes: str = None
    created_at: datetime
    updated_at: datetime

    class Config:
        orm_mode = True


class CredentialShown(CredentialListed):
    password: str = None
    api_key: str = None
    token: str = None


class CredentialPage(BaseModel):
    total: int
    skip: int
    limit: int
    items: list[CredentialListed]


def database():
    session = sessions()
    try:
        yield session
    finally:
        session.close()


def current_user(given: HTTPAuthorizationCredentials = Depends(bearer), db: Session = Depends(database)):
    try:
        email = jwt.decode(given.credentials, KEY, algorithms=["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401, "Could not validate credentials")
    user = db.query(User).filter(User.email == email).first()
    if user is None or not user.is_active:
        raise HTTPException(401, "Could not validate credentials")
    return user


def audit(db, credential_id, user, action):
    db.add(AuditLog(credential_id=credential_id, user_id=user.id, action=action, details=json.dumps({"by": user.email})))


def opened(value):
    return None if value is None else cipher.decrypt(value.encode()).decode()


def sealed(value):
    return None if value is None else cipher.encrypt(value.encode()).decode()


def shown(row):
    return CredentialShown(
        **CredentialListed.from_orm(row).dict(),
        password=opened(row.password_encrypted),
        api_key=opened(row.api_key_encrypted),
        token=opened(row.token_encrypted),
    )


@app.get("/api/services/{service_id}", response_model=ServiceShown)
def get_service(service_id: str, db: Session = Depends(database), user: User = Depends(current_user)):
    row = db.query(Service).filter(Service.id == service_id).first()
    if row is None:
        raise HTTPException(404, "Service not found")
    return row


@app.get("/api/credentials", response_model=CredentialPage)
def list_credentials(
    skip: int = 0, limit: int = 100, db: Session = Depends(database), user: User = Depends(current_user)
):
    query = db.query(Credential)
    rows = query.order_by(Credential.id).offset(skip).limit(limit).all()
    return {"total": query.count(), "skip": skip, "limit": limit, "items": rows}


@app.get("/api/credentials/{credential_id}", response_model=CredentialShown)
def get_credential(credential_id: str, db: Session = Depends(database), user: User = Depends(current_user)):
    row = db.query(Credential).filter(Credential.id == credential_id).first()
    if row is None:
        raise HTTPException(404, "Credential not found")
    answer = shown(row)
    audit(db, row.id, user, "view")
    db.commit()
    return answer


@app.post("/api/credentials", response_model=CredentialShown, status_code=201)
def create_credential(body: CredentialNew, db: Session = Depends(database), user: User = Depends(current_user)):
    if body.client_id and db.query(Client).filter(Client.id == body.client_id).first() is None:
        raise HTTPException(404, "Client not found")
    row = Credential(**body.dict(exclude={"password"}), password_encrypted=sealed(body.password))
    db.add(row)
    db.flush()
    audit(db, row.id, user, "create")
    db.commit()
    db.refresh(row)
    return shown(row)


def connected(url):
    # As the plain server: the pool holds one connection for each of the requests under way.
    engine = create_engine(
        url.replace("mysql://", "mysql+pymysql://", 1), pool_size=CONNECTIONS, max_overflow=8, pool_pre_ping=False
    )
    sessions.configure(bind=engine)
    return engine


def filled(count, engine):
    Base.metadata.create_all(engine)
    clients = [new_id() for _ in range(100)]
    services = [new_id() for _ in range(min(count, 20_000))]
    credentials = [new_id() for _ in range(count)]
    user = User(id=new_id(), email="bench@localhost")
    with sessions() as db:
        db.add(user)
        db.bulk_save_objects([Client(id=one, name=f"Client {at}") for at, one in enumerate(clients)])
        db.commit()
        for at, one in enumerate(services):
            db.add(
                Service(
                    id=one, client_id=clients[at % 100], name=f"Service {at}", service_type="web", port=443, protocol="https"
                )
            )
            if at % BATCH == 0:
                db.commit()
        for at, one in enumerate(credentials):
            db.add(
                Credential(
                    id=one,
                    client_id=clients[at % 100],
                    credential_type="password",
                    service_name=f"Service {at}",
                    username=f"user{at}",
                    external_url=f"https://service{at}.example",
                    password_encrypted=sealed(f"CANARY-{at}"),
                )
            )
            if at % BATCH == 0:
                db.commit()
        db.commit()
    login = {"sub": "bench@localhost", "exp": datetime.utcnow() + timedelta(days=1)}
    token = jwt.encode(login, KEY, algorithm="HS256")
    return {"token": token, "clients": clients, "services": services, "credentials": credentials}


def serve(port):
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False, log_level="warning"))
    started = server.startup

    async def startup(sockets=None):
        await started(sockets)
        print(f"http://127.0.0.1:{port}", flush=True)

    server.startup = startup
    server.run()


if __name__ == "__main__":
    command, number, database_url = sys.argv[1:]
    engine = connected(database_url)
    if command == "fill":
        print(json.dumps(filled(int(number), engine)))
    else:
        serve(int(number))
