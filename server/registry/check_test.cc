// A folder that is damaged in every way: all of it is found, what can be put right is, and nothing is
// deleted.
#include "server/registry/check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "server/registry/catalogue.h"
#include "server/registry/check_content.h"
#include "server/registry/kept.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/codec/json.h"
#include "sigstore/content/folder.h"

namespace server::registry {
namespace {

namespace json = sigstore::codec::json;
namespace media_type = sigstore::oci::media_type;
using sigstore::Code;
using sigstore::oci::Digest;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

struct Checked : ::testing::Test {
  Checked() {
    push("image", "");
    push("signature", text_of("image", ""));
    push("other", "");
  }
  static json::Value descriptor(std::string_view type, const std::string& content) {
    return json::Object{{"mediaType", type},
                        {"digest", Digest::sha256(content).text()},
                        {"size", static_cast<std::uint64_t>(content.size())}};
  }
  static std::string text_of(const std::string& layer, const std::string& subject) {
    json::Object manifest{{"schemaVersion", 2},
                          {"mediaType", media_type::oci_manifest},
                          {"config", descriptor(media_type::oci_empty, "{}")},
                          {"layers", json::Array{descriptor("text/plain", layer)}}};
    if (!subject.empty()) manifest.set("subject", descriptor(media_type::oci_manifest, subject));
    return json::write(manifest);
  }
  // An image of one layer, under the layer's name.
  void push(const std::string& layer, const std::string& subject) {
    const auto catalogue = open();
    for (const std::string& blob : {layer, std::string("{}")}) {
      ASSERT_TRUE(content->put(Digest::sha256(blob), blob));
      ASSERT_TRUE(catalogue->add_blob("app", Digest::sha256(blob)));
    }
    const std::string text = text_of(layer, subject);
    std::optional<sigstore::oci::Descriptor> named;
    if (!subject.empty())
      named = *sigstore::oci::Descriptor::from_json(descriptor(media_type::oci_manifest, subject), "subject");
    const auto entry = *make_entry(Digest::sha256(text), std::string(media_type::oci_manifest), text, named);
    ASSERT_TRUE(content->put(Digest::sha256(text), text));
    ASSERT_TRUE(*catalogue->put_manifest("app", entry, layer, {layer}, [](const Digest*) { return true; }));
  }
  std::unique_ptr<Catalogue> open() {
    auto opened = Catalogue::open(env.env(), root, database_path(root));
    EXPECT_TRUE(opened) << opened.error().text();
    return opened ? std::move(*opened) : nullptr;
  }
  CheckReport check(bool repair = false) {
    auto report = registry::check(env.env(), root, {.repair = repair});
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : CheckReport{};
  }
  std::string tags() {
    std::string all;
    const auto catalogue = open();
    if (catalogue == nullptr) return "cannot be opened";
    const auto list = catalogue->tags("app");
    for (const auto& tag : *list) all += tag + " ";
    return all;
  }
  void expect_all() {
    EXPECT_EQ(tags(), "image other signature ");
    EXPECT_EQ(open()->referrers("app", Digest::sha256(text_of("image", "")))->size(), 1U);
  }
  fs::path blob(const std::string& text) {
    return root + "/" + sigstore::content::blob_path(Digest::sha256(text));
  }
  // Every file with what is in it.
  std::map<std::string, std::string> files() {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.is_regular_file()) found[entry.path()] = read(entry.path());
    return found;
  }

  sigstore::fakes::TemporaryFolder folder;
  const std::string root = folder.path();
  const fs::path journal = journal_path(root), database = database_path(root);
  sigstore::system::SystemEnv env;
  std::unique_ptr<sigstore::content::Store> content =
      sigstore::content::make_folder(*env.env().files, env.env().random, root);
};

std::string text(const CheckReport& report) {
  std::string all;
  for (const Finding& finding : report.findings)
    all += (finding.lost ? "lost " : "") + finding.where + ": " + finding.what + "\n";
  return all;
}

TEST_F(Checked, AFolderThatIsWellStaysAsItIs) {
  const auto before = files();
  const CheckReport report = check();
  EXPECT_TRUE(report.is_well()) << text(report);
  EXPECT_EQ(report.repositories, 1U);
  EXPECT_EQ(report.tags, 3U);
  EXPECT_EQ(report.manifests, 3U);
  EXPECT_EQ(report.blobs, 4U);
  EXPECT_EQ(report.contents, 7U);
  EXPECT_EQ(files(), before);
  EXPECT_TRUE(check(true).is_well());
  expect_all();
}

// Nobody knows whether it is damaged: nothing is moved.
TEST_F(Checked, AContentThatCannotBeOpenedEndsTheRun) {
  write(blob("other"), "damaged");
  fs::remove(blob("image"));
  fs::create_symlink(blob("image"), blob("image"));  // goes in a circle
  const auto report = registry::check(env.env(), root, {.repair = true});
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find(blob("image")), std::string::npos) << report.error().text();
  EXPECT_EQ(read(blob("other")), "damaged");
  EXPECT_TRUE(fs::is_symlink(blob("image")));
  EXPECT_FALSE(fs::exists(root + "/damaged"));
}

TEST(CheckedContentTest, OnlyWhatWasReadIsDamaged) {
  sigstore::fakes::FakeEnv fake;
  const auto store = sigstore::content::make_folder(fake.files, &fake.random, "root");
  const Digest digest = Digest::sha256("content");
  ASSERT_TRUE(store->put(digest, "content"));
  const int opens = 3;  // behind the list and the sizes
  for (const Code code : {Code::forbidden, Code::io, Code::disk_full}) {
    fake.files.fail_at(opens, code);
    const auto checked = CheckedContent::run(*store, {.workers = 1});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, code);
  }
  EXPECT_TRUE(CheckedContent::run(*store, {})->damaged().empty());
  fake.files.put("root/" + sigstore::content::blob_path(digest), "another");
  EXPECT_EQ(CheckedContent::run(*store, {})->damaged(), std::vector{digest});
}

TEST_F(Checked, ADatabaseThatIsOlderOrGoneIsWell) {
  fs::copy_file(database, root + "/older");
  push("fourth", "");
  fs::rename(root + "/older", database);
  EXPECT_TRUE(check().is_well());
  fs::remove(database);
  EXPECT_TRUE(check().is_well());
}

TEST_F(Checked, ADatabaseThatSaysSomethingElseIsFound) {
  {
    auto index = *Index::open(database);
    ASSERT_TRUE(index->database().execute("UPDATE manifests SET artifact_type = 'x', referrer = NULL"));
  }
  const CheckReport report = check();
  ASSERT_EQ(report.findings.size(), 1U) << text(report);
  EXPECT_EQ(report.findings[0].kind, Finding::Kind::database);
  EXPECT_FALSE(report.is_well());
  EXPECT_TRUE(check(true).is_well());
  expect_all();
}

// Whatever byte of the journal rots, the database knows the rest.
TEST_F(Checked, ARottenJournalIsRestoredFromTheDatabase) {
  const std::string good = read(journal), index = read(database);
  for (std::size_t at = 0; at < good.size(); at += 331) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    write(journal, bad);
    write(database, index);
    const CheckReport found = check();
    EXPECT_FALSE(found.is_well()) << at;
    const CheckReport report = check(true);
    EXPECT_TRUE(report.is_well()) << at << ": " << text(report);
    expect_all();
    EXPECT_TRUE(check().is_well());
  }
  EXPECT_EQ(read(root + "/damaged/journal").size(), good.size()) << "the damaged one is kept";
}

TEST_F(Checked, AJournalThatIsGoneOrCutIsRestoredFromTheDatabase) {
  const std::string index = read(database), good = read(journal);
  for (const auto keep : {good.size() - 10, good.size() / 2, std::size_t(0)}) {
    write(journal, good.substr(0, keep));
    write(database, index);
    EXPECT_FALSE(check().is_well()) << keep;
    EXPECT_TRUE(check(true).is_well()) << keep;
    expect_all();
  }
  fs::remove(journal);
  EXPECT_FALSE(check().is_well());
  EXPECT_TRUE(check(true).is_well());
  expect_all();
}

TEST_F(Checked, WithoutTheDatabaseARottenLineIsLostAndSaid) {
  std::string bad = read(journal);
  bad[bad.find("\"tags\":[\"signature\"]") + 10] = 'X';
  write(journal, bad);
  fs::remove(database);
  const CheckReport report = check(true);
  EXPECT_FALSE(report.is_well());
  ASSERT_EQ(report.findings.size(), 1U) << text(report);
  EXPECT_EQ(report.findings[0].kind, Finding::Kind::journal);
  EXPECT_TRUE(report.findings[0].lost);
  EXPECT_EQ(tags(), "image other ");
  EXPECT_TRUE(check().is_well());
}

// Killed after the journal was written anew, before the database knew.
TEST_F(Checked, ADatabaseOfTheJournalBeforeIsWell) {
  const std::string before = read(database);
  EXPECT_TRUE(check(true).is_well());
  write(database, before);
  const CheckReport report = check();
  EXPECT_TRUE(report.is_well()) << text(report);
  expect_all();
}

// Nothing of it was ever acknowledged.
TEST_F(Checked, ATornEndIsWell) {
  write(journal, read(journal) + "0123456789abcdef {\"at\":");
  EXPECT_TRUE(check().is_well());
  expect_all();
}

TEST_F(Checked, ContentIsHashedAgain) {
  write(blob("image"), "imagE");
  const CheckReport report = check();
  EXPECT_EQ(report.findings.size(), 3U) << text(report);
  EXPECT_NE(text(report).find("lost " + Digest::sha256("image").text()), std::string::npos);
  EXPECT_NE(text(report).find("it lacks " + Digest::sha256("image").text()), std::string::npos);
  EXPECT_FALSE(check(true).is_well());
  EXPECT_EQ(read(root + "/damaged/sha256-" + std::string(Digest::sha256("image").hex())), "imagE");
  EXPECT_FALSE(*open()->has_blob("app", Digest::sha256("image")));
  const CheckReport after = check();
  ASSERT_EQ(after.findings.size(), 1U) << "until it is pushed again: " << text(after);
  EXPECT_EQ(after.findings[0].kind, Finding::Kind::image);
}

// One blob's line is lost, and the database with it: the manifest that names the blob brings it back.
TEST_F(Checked, ABlobWhoseLineIsLostBelongsToItsImageAgain) {
  const std::string layer = Digest::sha256("image").text();
  std::string bad = read(journal);
  const std::size_t line = bad.find("add-blob", bad.rfind('\n', bad.find(layer)));
  ASSERT_LT(line, bad.find(layer));
  bad[line] = 'X';
  write(journal, bad);
  fs::remove(database);
  const CheckReport report = check(true);
  EXPECT_NE(text(report).find("app, blob " + layer + ": its line of the journal is lost"), std::string::npos)
      << text(report);
  EXPECT_TRUE(*open()->has_blob("app", Digest::sha256("image")));
  EXPECT_TRUE(check().is_well()) << text(check());
  expect_all();
}

TEST_F(Checked, ABlobThatSomebodyDeletedStaysDeletedAndIsSaid) {
  ASSERT_TRUE(*open()->remove_blob("app", Digest::sha256("image")));
  const CheckReport report = check(true);
  EXPECT_NE(text(report).find("it lacks " + Digest::sha256("image").text()), std::string::npos)
      << text(report);
  EXPECT_FALSE(*open()->has_blob("app", Digest::sha256("image")));
}

TEST_F(Checked, AManifestThatIsLostIsNamedNoMore) {
  const std::string lost = text_of("image", "");
  fs::remove(blob(lost));
  write(blob(text_of("other", "")), "{}");
  const CheckReport report = check(true);
  EXPECT_NE(text(report).find("lost app:image: its manifest is lost"), std::string::npos) << text(report);
  EXPECT_NE(text(report).find("lost app:other: its manifest is lost"), std::string::npos) << text(report);
  EXPECT_EQ(tags(), "signature ");
  EXPECT_EQ(open()->referrers("app", Digest::sha256(lost))->size(), 1U) << "a signature may outlive it";
  EXPECT_TRUE(check().is_well());
  push("image", "");
  EXPECT_EQ(tags(), "image signature ");
}

TEST_F(Checked, AnEntryThatDoesNotAgreeWithItsContentIsPutRight) {
  {
    const auto catalogue = open();
    auto entry = **catalogue->manifest("app", "signature");
    entry.subject.reset();
    entry.referrer.reset();
    ASSERT_TRUE(catalogue->put_manifest("app", entry, "signature", {}, [](const Digest*) { return true; }));
  }
  const CheckReport report = check();
  ASSERT_EQ(report.findings.size(), 1U) << text(report);
  EXPECT_EQ(report.findings[0].kind, Finding::Kind::entry);
  EXPECT_TRUE(check(true).is_well());
  expect_all();
}

TEST_F(Checked, AFolderOfSomethingElseIsNoRegistry) {
  EXPECT_EQ(registry::check(env.env(), root + "/none", {}).error().code, Code::not_found);
  folder.write("old/repositories/app.json", "{}");
  EXPECT_EQ(registry::check(env.env(), root + "/old", {}).error().code, Code::unsupported);
}

TEST_F(Checked, ItCanBeInterrupted) {
  sigstore::Cancel cancel;
  cancel.set();
  EXPECT_EQ(registry::check(env.env(), root, {.cancel = &cancel}).error().code, Code::cancelled);
}

}  // namespace
}  // namespace server::registry
