// Reading without a lock while another process writes.
#include <functional>
#include <utility>

#include "sigstore/trust_cache/testing/internal/played_cache.h"

namespace sigstore::trust_cache {
namespace {

using testing::trusted_root;
using TrustCacheOffline = testing::PlayedCache;

// Files of which one is another as soon as a certain one is asked for.
class ChangingFiles final : public Files {
 public:
  ChangingFiles(fakes::MemoryFiles& files, std::string when, std::function<void()> change)
      : files_(files), when_(std::move(when)), change_(std::move(change)) {}
  Result<std::string> read(const std::string& path, std::size_t max) override {
    if (path.ends_with(when_)) change_();
    return files_.read(path, max);
  }
  Result<std::unique_ptr<FileReader>> open(const std::string& path) override { return files_.open(path); }
  bool exists(const std::string& path) override { return files_.exists(path); }
  bool is_directory(const std::string& path) override { return files_.is_directory(path); }
  Result<std::vector<std::string>> list(const std::string& path) override { return files_.list(path); }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override { return files_.lock(path); }
  Result<void> make_directories(const std::string& path, unsigned mode) override {
    return files_.make_directories(path, mode);
  }
  Result<void> remove(const std::string& path) override { return files_.remove(path); }
  Result<std::unique_ptr<AtomicFile>> create(const std::string& path, unsigned mode) override {
    return files_.create(path, mode);
  }

 private:
  fakes::MemoryFiles& files_;
  const std::string when_;
  const std::function<void()> change_;
};

TEST_F(TrustCacheOffline, LooksAgainWhereAnotherWrites) {
  const auto all = [&] {
    std::map<std::string, std::string> texts;
    for (const auto& path : fake.files.paths()) texts[path] = fake.files.get(path)->text;
    return texts;
  };
  const auto put = [&](const std::map<std::string, std::string>& texts) {
    for (const auto& [path, text] : texts) fake.files.put(path, text);
  };
  ASSERT_TRUE(load());
  const auto old = all();
  change("second");
  ASSERT_TRUE(load(Reach::refresh));
  const auto newer = all();
  int changes = 0;
  const auto read_while = [&](const std::string& file, const std::function<void()>& change) {
    changes = 0;
    put(old);
    ChangingFiles files(fake.files, "-repo/" + file, [&] {
      ++changes;
      change();
    });
    Env env = fake.env();
    env.files = &files;
    return trust_cache::load(env, place, Reach::offline, {trusted_root}, open());
  };
  for (const std::string file :
       {"root.json", "timestamp.json", "snapshot.json", "targets.json", "targets/trusted_root.json"}) {
    const auto state = read_while(file, [&] { put(newer); });
    EXPECT_EQ(content(state), "second") << file;
    EXPECT_TRUE(state && state->notices.empty()) << file;
  }
  const auto damaged = read_while(
      "snapshot.json", [&] { fake.files.put(place.folder + "/t.example-8443-repo/snapshot.json", "{"); });
  EXPECT_FALSE(damaged);
  EXPECT_EQ(changes, 3) << "nobody has written: it is as it is, and is looked at to say what is wrong";
  const auto restless = read_while("snapshot.json", [&] {
    put(old);
    fake.files.put(place.folder + "/t.example-8443-repo/timestamp.json", std::to_string(changes));
    fake.files.put(place.folder + "/t.example-8443-repo/snapshot.json", "{");
  });
  EXPECT_FALSE(restless);
  EXPECT_LE(changes, 10) << "not for ever";
}

}  // namespace
}  // namespace sigstore::trust_cache
