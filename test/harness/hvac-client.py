"""Does with hvac what a JSON list on stdin names, and writes what came of each: as [result] or [name of the exception, its text].

VAULT_ADDR and VAULT_TOKEN say where and as whom.
"""
import json
import sys

import hvac

client = hvac.Client()
kv = client.secrets.kv.v2
WAYS = {
    "is_authenticated": client.is_authenticated,
    "health": lambda: client.sys.read_health_status(method="GET"),
    "list": lambda path: kv.list_secrets(path=path)["data"]["keys"],
    "list_by_get": lambda path: client.list("secret/metadata/" + path)["data"]["keys"],
    "read": lambda path, version=None: kv.read_secret_version(path=path, version=version)["data"],
    "metadata": lambda path: kv.read_secret_metadata(path=path)["data"],
    "write": lambda path, secret: kv.create_or_update_secret(path=path, secret=secret),
    "delete": lambda path: kv.delete_metadata_and_all_versions(path=path),
}


def outcome(way, *given):
    try:
        return [WAYS[way](*given)]
    except hvac.exceptions.VaultError as error:
        return [type(error).__name__, str(error)]


json.dump([outcome(*one) for one in json.load(sys.stdin)], sys.stdout)
