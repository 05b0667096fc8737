#include "cosign/commands/registry-serve/storage.h"

#include "server/registry/kept.h"
#include "sigstore/content/folder.h"
#include "sigstore/content/memory.h"

namespace cosign::serve {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

void StorageFlags::declare(FlagSet& flags) {
  flags.text("dir", &folder, "DIR", "keep everything in this folder; without it, in memory");
  flags.boolean("memory", &memory, "keep everything in memory, and forget it at the end: the default");
  flags.list("load", &layouts, "LAYOUT=REPO",
             "load an OCI image layout with its tags into a repository; repeatable");
}

Result<Storage> StorageFlags::open(const sigstore::Env& env) const {
  if (memory && !folder.empty())
    return fail(Code::invalid_argument, "--memory and --dir exclude each other", {}, "give one of them");
  Storage storage;
  if (folder.empty()) {
    storage.content = sigstore::content::make_memory();
  } else {
    TRY(storage.lock, server::registry::lock_folder(env, folder));
    TRY_OK(sigstore::content::remove_leftovers(*env.files, folder));
    storage.content = sigstore::content::make_folder(*env.files, env.random, folder);
  }
  const std::string database = folder.empty() ? "" : server::registry::database_path(folder);
  TRY(storage.catalogue, server::registry::Catalogue::open(env, folder, database));
  return storage;
}

Result<void> StorageFlags::fill(server::registry::Registry& registry, sigstore::Files& files) const {
  for (const std::string& pair : layouts) {
    const std::size_t equals = pair.rfind('=');
    if (equals == std::string::npos)
      return fail(Code::invalid_argument, "not LAYOUT=REPO: " + pair, {},
                  "--load ./saved-image=devops/nginx");
    auto loaded = registry.load(files, pair.substr(0, equals), pair.substr(equals + 1));
    if (!loaded) return fail(loaded.error().wrap("cannot load " + pair));
  }
  return {};
}

}  // namespace cosign::serve
