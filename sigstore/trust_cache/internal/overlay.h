// What is kept of one mirror, with what changes of it: nothing of that is written here. For trust_cache only.
#pragma once

#include <string>

#include "sigstore/trust_cache/internal/transaction.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::trust_cache {

// Reads one file of a mirror's folder: what a redo log has committed, else what is there. Whatever cannot be
// read counts as not there, which is what a damaged cache comes to.
class Shelf {
 public:
  // `folder` is that of the whole cache; empty: there is nothing. `files` outlives it.
  Shelf(Files& files, std::string folder, std::string name, Changes unfinished = {})
      : files_(files),
        folder_(std::move(folder)),
        name_(std::move(name)),
        unfinished_(std::move(unfinished)) {}
  [[nodiscard]] Result<std::string> read(const std::string& file, std::size_t max) const;
  // Of a file beside the mirror's folder: "NAME" + `ending`.
  [[nodiscard]] Result<std::string> read_beside(const std::string& ending, std::size_t max) const;
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Files& files() const { return files_; }

 private:
  [[nodiscard]] Result<std::string> read_path(const std::string& path, std::size_t max) const;

  Files& files_;
  const std::string folder_, name_;
  const Changes unfinished_;
};

class Overlay final : public tuf::Store {
 public:
  // Without a shelf, as if nothing were kept.
  explicit Overlay(const Shelf* shelf) : shelf_(shelf) {}
  Result<std::string> read(const std::string& file, std::size_t max) override;
  Result<void> write(const std::string& file, std::string_view text) override;
  Result<void> remove(const std::string& file) override;
  // By file of the mirror's folder.
  [[nodiscard]] const Changes& changes() const { return changes_; }
  [[nodiscard]] const Shelf* shelf() const { return shelf_; }

 private:
  const Shelf* shelf_;
  Changes changes_;
};

// Where a target is kept, as real cosign escapes its path into one name: "targets/trusted_root.json".
std::string kept_target(std::string_view path);

}  // namespace sigstore::trust_cache
