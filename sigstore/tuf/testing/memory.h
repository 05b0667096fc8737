// A repository and a store in memory, that count what they are asked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sigstore/tuf/updater.h"

namespace sigstore::tuf::testing {

class MemoryRepository final : public Repository {
 public:
  Result<std::string> metadata(const std::string& file, std::size_t max) override { return give(file, max); }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    return give("targets/" + path, max);
  }

  std::map<std::string, std::string> files;  // targets as "targets/PATH"
  std::vector<std::string> asked;            // in the order of the requests
  std::map<std::string, Error> failures;     // what is answered instead

 private:
  Result<std::string> give(const std::string& name, std::uint64_t max) {
    asked.push_back(name);
    if (const auto failure = failures.find(name); failure != failures.end()) return fail(failure->second);
    const auto found = files.find(name);
    if (found == files.end()) return fail(Code::not_found, name + " is not there");
    if (found->second.size() > max) return fail(Code::too_large, name + " is too large");
    return found->second;
  }
};

class MemoryStore final : public Store {
 public:
  Result<std::string> read(const std::string& file, std::size_t max) override {
    if (const auto failure = failures.find(file); failure != failures.end()) return fail(failure->second);
    const auto found = files.find(file);
    if (found == files.end()) return fail(Code::not_found, file + " is not stored");
    if (found->second.size() > max) return fail(Code::too_large, file + " is too large");
    return found->second;
  }
  Result<void> write(const std::string& file, std::string_view text) override {
    written.push_back(file);
    files[file] = text;
    return {};
  }
  Result<void> remove(const std::string& file) override {
    files.erase(file);
    return {};
  }

  std::map<std::string, std::string> files;
  std::vector<std::string> written;
  std::map<std::string, Error> failures;  // of reading
};

}  // namespace sigstore::tuf::testing
