// Folders and archives: of strangers, and such as nobody could read again.
#include "sigstore/carry/layout.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/carry/carry.h"
#include "sigstore/carry/walk.h"
#include "sigstore/remote/registry/testing/memory_registry.h"

namespace sigstore::carry {
namespace {

const oci::Repository app{"r.example", "app"};

class SavedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    image = manifest("layer", {});
    bundle = manifest("bundle", image);
  }
  oci::Descriptor manifest(const std::string& layer, const std::optional<oci::Descriptor>& subject) {
    oci::Manifest made;
    made.media_type = oci::media_type::oci_manifest;
    made.config = registry.add_blob(app, "{}");
    made.config.media_type = oci::media_type::oci_config;
    made.layers = {registry.add_blob(app, layer)};
    made.subject = subject;
    return registry.add_manifest(app, "", made.media_type, made.write());
  }
  Result<Summary> save(const std::string& to) {
    const auto source = make_registry_source(registry, app, app, "");
    TRY(const auto cargo, walk(*source, image));
    const auto target =
        to.ends_with(".tar") ? make_archive_target(files, to, "1") : make_layout_target(files, to, "1");
    return carry(*source, *target, cargo, {});
  }
  // What `load` does before it sends anything.
  Result<std::size_t> look_through(const std::string& path) {
    TRY(const auto layout, open_saved(files, path, nullptr));
    TRY(const auto root, only_image(layout));
    TRY(const auto source, make_layout_source(layout, root.digest));
    TRY(const auto cargo, walk(*source, root));
    return cargo.items.size();
  }
  std::string blob(const oci::Digest& digest) { return dir + "/blobs/sha256/" + std::string(digest.hex()); }
  void replace_by_pipe(const std::string& path) {
    ASSERT_TRUE(files.remove(path));
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  }

  fakes::TemporaryFolder folder;
  system::SystemEnv system;
  Files& files = *system.env().files;
  remote::testing::MemoryRegistry registry;
  oci::Descriptor image, bundle;
  const std::string dir = folder.path() + "/saved", tar = folder.path() + "/saved.tar";
};

TEST_F(SavedTest, AFolderAndAnArchiveAreReadAgain) {
  for (const auto& place : {dir, tar}) {
    ASSERT_TRUE(save(place));
    EXPECT_EQ(look_through(place), 2U);
  }
}

TEST_F(SavedTest, AnImageThatIsNotWholeIsFound) {
  const ByteSink nowhere = [](BytesView) -> Result<void> { return {}; };
  const auto whole = [&](const std::string& path, const ByteSink& each) -> Result<void> {
    TRY(const auto layout, open_saved(files, path, nullptr));
    return check_image(layout, image, each);
  };
  ASSERT_TRUE(save(dir));
  ASSERT_TRUE(save(tar));
  EXPECT_TRUE(whole(dir, nowhere));
  EXPECT_TRUE(whole(tar, {}));
  // What hangs on the image is not the image.
  ASSERT_TRUE(files.remove(blob(oci::Digest::sha256("bundle"))));
  EXPECT_TRUE(whole(dir, nowhere));
  for (const std::string part : {"{}", "layer"}) {
    const std::string place = blob(oci::Digest::sha256(part));
    std::string other = part;
    other.back() = '!';
    ASSERT_TRUE(files.write_atomic(place, other, 0600));
    EXPECT_TRUE(whole(dir, {})) << "sizes alone";
    EXPECT_EQ(whole(dir, nowhere).error().code, Code::mismatch);
    ASSERT_TRUE(files.write_atomic(place, part + " ", 0600));
    EXPECT_EQ(whole(dir, {}).error().code, Code::mismatch);
    ASSERT_TRUE(files.remove(place));
    EXPECT_EQ(whole(dir, {}).error().code, Code::not_found);
    ASSERT_TRUE(files.write_atomic(place, part, 0600));
  }
  EXPECT_TRUE(whole(dir, nowhere));
}

// Nobody writes to it: reading would never end.
TEST_F(SavedTest, APipeInAFolderIsNotWaitedFor) {
  for (const std::string name : {"/index.json", "/oci-layout", ""}) {
    ASSERT_TRUE(save(dir));
    replace_by_pipe(name.empty() ? blob(image.digest) : dir + name);
    const auto seen = look_through(dir);
    ASSERT_FALSE(seen);
    EXPECT_EQ(seen.error().code, Code::io) << seen.error().text();
    ASSERT_TRUE(files.remove(name.empty() ? blob(image.digest) : dir + name));
  }
  ASSERT_TRUE(save(tar));
  replace_by_pipe(tar);
  EXPECT_EQ(look_through(tar).error().hint, "write it to a file first");
  EXPECT_FALSE(save(tar)) << "its content would be kept in memory";
}

TEST_F(SavedTest, ADeviceHasNoSize) {
  ASSERT_TRUE(save(dir));
  ASSERT_TRUE(files.remove(blob(image.digest)));
  ASSERT_EQ(symlink("/dev/zero", blob(image.digest).c_str()), 0);
  EXPECT_FALSE(look_through(dir));
  ASSERT_TRUE(save(dir));
  EXPECT_TRUE(look_through(dir)) << "it was put right";
}

// A folder that somebody prepared: what its links lead to is not overwritten.
TEST_F(SavedTest, LinksInTheFolderAreReplaced) {
  ASSERT_TRUE(save(dir));
  const std::string victim = folder.path() + "/victim";
  ASSERT_TRUE(files.write_atomic(victim, "precious", 0600));
  for (const auto& path : {blob(image.digest), dir + "/index.json", dir + "/oci-layout"}) {
    ASSERT_TRUE(files.remove(path));
    ASSERT_EQ(symlink(victim.c_str(), path.c_str()), 0);
  }
  ASSERT_TRUE(save(dir));
  EXPECT_EQ(files.read(victim, 100), "precious");
  EXPECT_TRUE(look_through(dir));
}

// Without them the image would be loaded without its signature, and nobody told.
TEST_F(SavedTest, AReferrerThatIsDamagedOrGoneIsNotPassedOver) {
  ASSERT_TRUE(save(dir));
  ASSERT_TRUE(files.write_atomic(blob(bundle.digest), "{\"subject\":1}", 0644));
  EXPECT_EQ(look_through(dir).error().code, Code::mismatch);
  ASSERT_TRUE(files.remove(blob(bundle.digest)));
  EXPECT_EQ(look_through(dir).error().code, Code::not_found);
}

TEST_F(SavedTest, MoreThanCanBeReadAgainIsNotSaved) {
  Cargo cargo{image, {}, {}};
  cargo.items.push_back({.kind = Kind::image, .descriptor = image});
  for (std::size_t i = 0; i < limits::index_children; ++i) {
    oci::Descriptor referrer = bundle;
    referrer.digest = oci::Digest::sha256(std::to_string(i));
    cargo.items.push_back({.kind = Kind::referrer, .descriptor = referrer, .subject = image.digest});
  }
  const auto target = make_layout_target(files, dir, "1");
  EXPECT_EQ(target->begin(cargo).error().code, Code::too_large);
  EXPECT_FALSE(files.exists(dir)) << "nothing was begun";
  cargo.items.pop_back();
  EXPECT_TRUE(make_layout_target(files, dir, "1")->begin(cargo));
}

// The list of an archive holds one size of each file: it would be refused where it arrives.
TEST_F(SavedTest, TwoSizesOfOneBlob) {
  oci::Descriptor other = image;
  ++other.size;
  Cargo cargo{image, {}, {}};
  cargo.items.push_back({.kind = Kind::image, .descriptor = image, .blobs = {other}});
  EXPECT_EQ(make_archive_target(files, tar, "1")->begin(cargo).error().code, Code::mismatch);
  EXPECT_FALSE(files.exists(tar));
}

}  // namespace
}  // namespace sigstore::carry
