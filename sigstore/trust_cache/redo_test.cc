#include "sigstore/base/testing/memory_files.h"
#include "sigstore/trust_cache/internal/transaction.h"

namespace sigstore::trust_cache {
namespace {

const Changes some = {
    {"m/root.json", "{}\n"}, {"m/old.json", std::nullopt}, {"m/targets/a b", std::string("\0\n", 2)}};

TEST(RedoLog, IsReadAsItWasWritten) {
  EXPECT_EQ(parse_redo(write_redo(some)), some);
  EXPECT_EQ(parse_redo(write_redo({})), Changes{});
}

TEST(RedoLog, ThatIsCutIsNone) {
  const std::string whole = write_redo(some);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(parse_redo(whole.substr(0, size)).error().code, Code::malformed) << size;
  EXPECT_FALSE(parse_redo(whole + "\n"));
}

TEST(RedoLog, NamesNothingOutsideOfItsFolder) {
  for (const std::string path :
       {"", "/etc/passwd", "../x", "m/../../x", "m//x", "m/", ".", "UNFINISHED", "m/a\tb"}) {
    EXPECT_EQ(parse_redo(write_redo({{path, "x"}})).error().code, Code::malformed) << path;
    EXPECT_EQ(parse_redo(write_redo({{path, std::nullopt}})).error().code, Code::malformed) << path;
  }
  EXPECT_FALSE(parse_redo(write_redo({{std::string(5000, 'a'), "x"}})));
}

TEST(RedoLog, BadInput) {
  const std::string start = "cosign-cpp trust cache 1\n";
  for (const std::string& rest :
       {std::string(), std::string("end"), std::string("en\n"), std::string("write 1 a\nx\n"),
        std::string("write a\nx\nend\n"), std::string("write 2 a\nx\nend\n"),
        std::string("write 0 a\nx\nend\n"), std::string("write -1 a\nx\nend\n"),
        std::string("write 99999999999999999999 a\nx\nend\n"),
        std::string("write 1 a\nx\nwrite 1 a\nx\nend\n"), std::string("remove a\nremove a\nend\n"),
        std::string("move a\nend\n"), std::string("remove \nend\n")})
    EXPECT_EQ(parse_redo(start + rest).error().code, Code::malformed) << rest;
  EXPECT_TRUE(parse_redo(start + "write 1 a\nx\nremove b\nend\n"));
}

TEST(RedoLog, IsFinishedByWhoeverFindsIt) {
  fakes::MemoryFiles files;
  files.put("c/m/old.json", "old");
  files.put("c/UNFINISHED", write_redo(some));
  EXPECT_EQ(unfinished(files, "c"), some);
  ASSERT_TRUE(finish(files, "c"));
  EXPECT_EQ(files.paths(), (std::vector<std::string>{"c/m/root.json", "c/m/targets/a b"}));
  EXPECT_TRUE(finish(files, "c")) << "there is none now";
  EXPECT_EQ(unfinished(files, "c"), Changes{});
}

TEST(RedoLog, ThatIsDamagedIsRemoved) {
  fakes::MemoryFiles files;
  files.put("c/UNFINISHED", "cosign-cpp trust cache 1\nwrite 4 m/root.json\n{");
  EXPECT_EQ(unfinished(files, "c").error().code, Code::malformed);
  ASSERT_TRUE(finish(files, "c"));
  EXPECT_TRUE(files.paths().empty());
}

TEST(RedoLog, WhatTheKilledLeftIsSweptAway) {
  fakes::MemoryFiles files;
  for (const char* path :
       {"c/.UNFINISHED.tmp-00ff", "c/m/.root.json.tmp-00ff", "c/other/.root.json.tmp-00ff", "c/m/.mine"})
    files.put(path, "x");
  ASSERT_TRUE(commit(files, "c", {{"m/root.json", "new"}}));
  EXPECT_EQ(files.paths(),
            (std::vector<std::string>{"c/m/.mine", "c/m/root.json", "c/other/.root.json.tmp-00ff"}));
}

TEST(RedoLog, WhatOthersWriteInTheFolderOfAllIsLeftAlone) {
  fakes::MemoryFiles files;
  for (const char* ours :
       {".UNFINISHED.tmp-00ff", ".remote.json.tmp-00ff", ".m.START.tmp-1", ".m.json.tmp-1"})
    files.put("c/" + std::string(ours), "x");
  const std::vector<std::string> others = {"c/.letter.tmp-00ff", "c/.n.json.tmp-1", "c/.root.json.tmp-2",
                                           "c/.tmp-1", "c/m.json.tmp-1"};
  for (const std::string& path : others) files.put(path, "x");
  ASSERT_TRUE(commit(files, "c", {{"m/root.json", std::nullopt}}));
  EXPECT_EQ(files.paths(), others);
}

const Changes three = {{"a/root.json", "new"}, {"b/gone.json", std::nullopt}, {"c/new.json", "new"}};

void put_old(fakes::MemoryFiles& files) {
  files.put("c/a/root.json", "old");
  files.put("c/b/gone.json", "old");
  files.put("c/z.json", "other");
}

std::string all(const fakes::MemoryFiles& files) {
  std::string text;
  for (const std::string& path : files.paths()) text += path + "=" + files.get(path)->text + " ";
  return text;
}

TEST(RedoLog, WhatCannotBeWrittenIsTakenBack) {
  for (const char* path : {"c/a/root.json", "c/b/gone.json", "c/c/new.json", "c/UNFINISHED"}) {
    fakes::MemoryFiles files;
    put_old(files);
    const std::string before = all(files);
    files.fail_path(path, Code::disk_full);
    const auto done = commit(files, "c", three);
    if (done) continue;  // what is removed is not written
    EXPECT_EQ(done.error().code, Code::disk_full) << path;
    EXPECT_EQ(all(files), before) << path;
  }
}

TEST(RedoLog, ASingleFailureIsTakenBackWhereverItIs) {
  int failed = 0;
  for (int n = 1, done = 0; done == 0; ++n) {
    fakes::MemoryFiles files;
    put_old(files);
    const std::string before = all(files);
    files.fail_at(n);
    const auto committed = commit(files, "c", three);
    done = files.operations() < n;
    failed += committed ? 0 : 1;
    EXPECT_EQ(all(files), committed ? "c/a/root.json=new c/c/new.json=new c/z.json=other " : before) << n;
  }
  EXPECT_GT(failed, 5);
}

TEST(RedoLog, AFolderInTheWayIsSeenBefore) {
  fakes::MemoryFiles files;
  put_old(files);
  files.put("c/c/new.json/x", "y");
  const std::string before = all(files);
  EXPECT_EQ(commit(files, "c", three).error().text(), "c/c/new.json cannot be replaced: it is a folder");
  EXPECT_EQ(all(files), before);
}

TEST(RedoLog, NothingIsBegunThatCouldNotBeFinished) {
  fakes::MemoryFiles files;
  files.put("c/m/root.json", "old");
  EXPECT_EQ(commit(files, "c", {{"m/root.json", "new"}, {"../x", "y"}}).error().code, Code::malformed);
  EXPECT_EQ(files.paths(), std::vector<std::string>{"c/m/root.json"});
  EXPECT_EQ(files.get("c/m/root.json")->text, "old");
}

}  // namespace
}  // namespace sigstore::trust_cache
