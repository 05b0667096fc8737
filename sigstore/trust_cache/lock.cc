#include "sigstore/trust_cache/internal/lock.h"

#include <algorithm>

#include "sigstore/base/limits.h"

namespace sigstore::trust_cache {
namespace {

constexpr unsigned folder_mode = 0700;
constexpr Duration shortest_pause = std::chrono::milliseconds(5),
                   longest_pause = std::chrono::milliseconds(100);

}  // namespace

Result<Turn> lock_folder(const Env& env, const std::string& folder) {
  if (!env.files->is_directory(folder)) TRY_OK(env.files->make_directories(folder, folder_mode));
  const auto end = env.clock->steady() + limits::tuf_lock_patience;
  bool waited = false;
  for (Duration pause = shortest_pause;; pause = std::min(2 * pause, longest_pause)) {
    auto lock = env.files->lock(folder);
    if (lock) return Turn{std::move(*lock), waited};
    if (lock.error().code != Code::conflict) return fail(std::move(lock.error()));
    waited = true;
    if (env.clock->steady() >= end)
      return fail(Code::timeout, "another process does not let go of " + folder,
                  "it has been working there for " + std::to_string(limits::tuf_lock_patience.count()) + " s",
                  "name another folder with TUF_ROOT, or end that process");
    TRY_OK(env.clock->sleep(pause));
  }
}

}  // namespace sigstore::trust_cache
