// A repository that is played, and a cache of it in memory: what the tests of trust_cache start from.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/trust_cache/cache.h"
#include "sigstore/tuf/testing/play.h"

namespace sigstore::trust_cache::testing {

using namespace std::chrono_literals;
using tuf::testing::Play;

inline constexpr const char* trusted_root = "trusted_root.json";

class Lent final : public tuf::Repository {
 public:
  explicit Lent(tuf::Repository& lender) : lender_(lender) {}
  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    return lender_.metadata(file, max);
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    return lender_.target(path, max);
  }

 private:
  tuf::Repository& lender_;
};

struct PlayedCache : ::testing::Test {
  PlayedCache() : play(fake.clock.now() + 100 * 24h) {
    place.folder = "/home/u/.sigstore/root";
    place.mirror = "https://t.example:8443/Repo";
    play.add_target("targets", trusted_root, "first");
    play.publish();
    place.root = play.file("1.root.json");
  }
  OpenMirror open() {
    return [this](const std::string&) -> Result<std::unique_ptr<tuf::Repository>> {
      ++opened;
      if (unreachable) return fail(Code::unreachable, "nobody is there");
      return std::make_unique<Lent>(play.repository);
    };
  }
  Result<State> load(Reach reach = Reach::fresh, std::vector<std::string> names = {trusted_root}) {
    play.repository.asked.clear();
    return trust_cache::load(fake.env(), place, reach, names, open());
  }
  Result<State> initialize() { return trust_cache::initialize(fake.env(), place, {trusted_root}, open()); }
  Error refused(Reach reach = Reach::fresh) {
    const auto state = load(reach);
    EXPECT_FALSE(state);
    return state ? Error{} : state.error();
  }
  // The content of the one target, or what went wrong.
  static std::string content(const Result<State>& state) {
    if (!state) return state.error().text();
    return state->targets.size() == 1 ? state->targets[0].content : "no target";
  }
  void change(const std::string& text) {
    play.add_target("targets", trusted_root, text);
    play.release("targets");
  }
  std::string kept(const std::string& file) {
    const auto entry = fake.files.get(place.folder + "/t.example-8443-repo/" + file);
    return entry ? entry->text : "";
  }
  std::size_t requests() const { return play.repository.asked.size(); }

  fakes::FakeEnv fake;
  Play play;
  Place place;
  bool unreachable = false;
  int opened = 0;
};

// Passes on to files in memory until so many changes were made; from then on no more are.
class EndingFiles final : public Files {
 public:
  explicit EndingFiles(fakes::MemoryFiles& files) : files_(files) {}
  int left = 1 << 30;  // changes

  Result<std::string> read(const std::string& path, std::size_t max) override {
    return files_.read(path, max);
  }
  Result<std::unique_ptr<FileReader>> open(const std::string& path) override { return files_.open(path); }
  bool exists(const std::string& path) override { return files_.exists(path); }
  bool is_directory(const std::string& path) override { return files_.is_directory(path); }
  Result<std::vector<std::string>> list(const std::string& path) override { return files_.list(path); }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override { return files_.lock(path); }
  Result<void> make_directories(const std::string& path, unsigned mode) override {
    TRY_OK(step());
    return files_.make_directories(path, mode);
  }
  Result<void> remove(const std::string& path) override {
    TRY_OK(step());
    return files_.remove(path);
  }
  Result<std::unique_ptr<AtomicFile>> create(const std::string& path, unsigned mode) override {
    TRY_OK(step());
    TRY(auto file, files_.create(path, mode));
    return std::make_unique<Ending>(*this, std::move(file));
  }

 private:
  struct Ending final : AtomicFile {
    Ending(EndingFiles& files, std::unique_ptr<AtomicFile> file) : all(files), real(std::move(file)) {}
    Result<void> write(BytesView chunk) override { return real->write(chunk); }
    Result<void> commit() override {
      TRY_OK(all.step());
      return real->commit();
    }
    Result<void> commit_new() override { return fail(Code::internal, "not used"); }
    EndingFiles& all;
    std::unique_ptr<AtomicFile> real;
  };
  Result<void> step() {
    if (left-- > 0) return {};
    return fail(Code::forbidden, "cannot write", "read-only file system");
  }
  fakes::MemoryFiles& files_;
};

}  // namespace sigstore::trust_cache::testing
