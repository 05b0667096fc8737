// A client of a Play, for tests: each update is one of its own, as a new process would make it.
#pragma once

#include <gtest/gtest.h>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/tuf/testing/play.h"

namespace sigstore::tuf::testing {

using Names = std::vector<std::string>;

class ClientTest : public ::testing::Test {
 protected:
  static Time at(std::string_view text) { return *codec::rfc3339::parse(text); }

  // Published, and the client has its first root.
  void start(bool hashed = false) {
    play.publish(hashed);
    store.files["root.json"] = play.file("root.json");
  }
  // "ok", or the error's code and text.
  std::string refresh() {
    play.repository.asked.clear();
    store.written.clear();
    Updater updater(play.repository, store, now);
    return outcome(updater.refresh());
  }
  // The content of a target, or why there is none.
  std::string download(const std::string& path) {
    play.repository.asked.clear();
    store.written.clear();
    Updater updater(play.repository, store, now);
    if (const auto refreshed = updater.refresh(); !refreshed) return outcome(refreshed);
    const auto target = updater.find(path);
    if (!target) return outcome(target);
    if (!*target) return "none";
    const auto content = updater.download(path, **target);
    return content ? *content : outcome(content);
  }
  // The version that is stored of a role; 0 when there is none.
  std::uint64_t stored(const std::string& role) {
    const auto found = store.files.find(role + ".json");
    if (found == store.files.end()) return 0;
    const auto& text = found->second;
    if (role == "root") return parse_root(text, "")->body.version;
    if (role == "timestamp") return parse_timestamp(text, "")->body.version;
    if (role == "snapshot") return parse_snapshot(text, "")->body.version;
    return parse_targets(text, "")->body.version;
  }

  // The next root, which the keys of before have signed too.
  void next_root() {
    ++play.root.version;
    play.publish_root();
  }
  void expect_stored(std::uint64_t root, std::uint64_t timestamp, std::uint64_t snapshot,
                     std::uint64_t targets) {
    EXPECT_EQ(stored("root"), root);
    EXPECT_EQ(stored("timestamp"), timestamp);
    EXPECT_EQ(stored("snapshot"), snapshot);
    EXPECT_EQ(stored("targets"), targets);
  }

  template <class T>
  static std::string outcome(const Result<T>& result) {
    return result ? "ok" : std::string(name(result.error().code)) + ": " + result.error().text();
  }

  const Time expires = at("2030-01-01T00:00:00Z");
  Time now = at("2026-11-29T08:00:00Z");
  Play play{expires};
  MemoryStore store;
};

}  // namespace sigstore::tuf::testing
