#include "server/host/database.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "sigstore/base/testing/temporary_folder.h"

namespace server::host {
namespace {

using sigstore::Code;
using sigstore::Result;

std::string all(Statement& statement, std::initializer_list<Cell> cells = {}) {
  std::string text;
  Rows rows = statement.rows(cells);
  for (;;) {
    const auto more = rows.next();
    if (!more) return more.error().text();
    if (!*more) return text;
    text += (rows.is_null(0) ? "null" : std::string(rows.text(0))) + " ";
  }
}

struct OfNames : ::testing::Test {
  OfNames() { EXPECT_TRUE(database->execute("CREATE TABLE names(name TEXT UNIQUE, size INTEGER)")); }
  Result<void> insert(std::string_view name, std::int64_t size) {
    TRY(Statement statement, database->prepare("INSERT INTO names VALUES(?, ?)"));
    return statement.run({name, size});
  }
  std::string names() {
    auto statement = *database->prepare("SELECT name FROM names ORDER BY name");
    return all(statement);
  }
  sigstore::fakes::TemporaryFolder folder;
  const std::string path = folder.path() + "/registry.db";
  std::unique_ptr<Database> database = std::move(*Database::open(path));
};

TEST_F(OfNames, ValuesGoInAndComeOutAsTheyAre) {
  const std::string odd("a\0'; DROP TABLE names; --\xff", 26);
  ASSERT_TRUE(insert(odd, -5));
  ASSERT_TRUE(insert("", std::numeric_limits<std::int64_t>::max()));
  auto statement = *database->prepare("SELECT name, size, NULL FROM names WHERE name = ?");
  for (const std::string& name : {odd, std::string()}) {
    Rows rows = statement.rows({std::string_view(name)});
    ASSERT_TRUE(*rows.next());
    EXPECT_EQ(rows.text(0), name);
    EXPECT_EQ(rows.number(1), name.empty() ? std::numeric_limits<std::int64_t>::max() : -5);
    EXPECT_TRUE(rows.is_null(2));
    EXPECT_FALSE(*rows.next());
  }
}

TEST_F(OfNames, AStatementIsUsedAgainWhateverBecameOfItsRows) {
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(insert(name, 1));
  EXPECT_EQ(database->changes(), 1);
  auto statement = *database->prepare("SELECT name FROM names WHERE name > ? ORDER BY name");
  {
    EXPECT_TRUE(*statement.rows({""}).next());
  }  // not to its end
  EXPECT_EQ(all(statement, {"a"}), "b c ");
  EXPECT_EQ(all(statement, {nullptr}), "") << "nothing is greater than NULL";
}

TEST_F(OfNames, WhatCannotBeIsAnError) {
  ASSERT_TRUE(insert("a", 1));
  EXPECT_EQ(insert("a", 1).error().code, Code::io) << "twice";
  const auto wrong = database->prepare("SELECT nonsense FROM nowhere");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().cause.find("nowhere"), std::string::npos);
  Statement none;
  EXPECT_EQ(none.run().error().code, Code::internal);
}

TEST_F(OfNames, ATransactionIsAllOrNothing) {
  {
    auto transaction = *Transaction::begin(*database);
    ASSERT_TRUE(insert("a", 1));
  }
  EXPECT_EQ(names(), "");
  auto transaction = *Transaction::begin(*database);
  ASSERT_TRUE(insert("b", 1));
  ASSERT_TRUE(transaction.commit());
  EXPECT_EQ(names(), "b ");
}

TEST_F(OfNames, OneReaderSeesNothingOfWhatIsNotCommitted) {
  ASSERT_TRUE(database->execute("PRAGMA journal_mode=WAL"));
  auto other = *Database::open(path, true);
  auto statement = *other->prepare("SELECT name FROM names");
  auto transaction = *Transaction::begin(*database);
  ASSERT_TRUE(insert("a", 1));
  EXPECT_EQ(all(statement), "");
  ASSERT_TRUE(transaction.commit());
  EXPECT_EQ(all(statement), "a ");
  EXPECT_FALSE(other->execute("DELETE FROM names")) << "it is only read";
}

TEST_F(OfNames, SeveralConnectionsWriteAndReadAtOnce) {
  ASSERT_TRUE(database->execute("PRAGMA journal_mode=WAL"));
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this, t] {
      auto own = *Database::open(path);
      auto add = *own->prepare("INSERT INTO names VALUES(?, ?)");
      auto find = *own->prepare("SELECT name FROM names WHERE name = ?");
      for (int i = 0; i < 50; ++i) {
        const std::string name = std::to_string(t) + "-" + std::to_string(i);
        EXPECT_TRUE(add.run({std::string_view(name), i}));
        EXPECT_EQ(all(find, {std::string_view(name)}), name + " ");
      }
    });
  threads.clear();
  auto count = *database->prepare("SELECT COUNT(*) FROM names");
  EXPECT_EQ(all(count), "200 ");
  EXPECT_TRUE(database->check());
}

TEST_F(OfNames, AFileThatIsNoDatabaseIsMalformed) {
  const auto garbage = Database::open(folder.write("garbage", std::string(5000, 'x')));
  ASSERT_TRUE(garbage) << "nothing is read yet";
  EXPECT_EQ((*garbage)->execute("CREATE TABLE t(x)").error().code, Code::malformed);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(insert(std::string(100, 'n') + std::to_string(i), i));
  database.reset();
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(8192);
  file << std::string(8192, '\x5a');
  file.close();
  database = std::move(*Database::open(path));
  const auto damaged = database->check();
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Code::malformed);
}

TEST(Memory, IsGoneWithItsConnection) {
  auto database = *Database::open(":memory:");
  ASSERT_TRUE(database->execute("CREATE TABLE t(x); INSERT INTO t VALUES(1)"));
  EXPECT_EQ(database->last_key(), 1);
  database = std::move(*Database::open(":memory:"));
  EXPECT_FALSE(database->prepare("SELECT x FROM t"));
}

TEST(Absent, AReadOnlyFileIsNotMade) {
  const sigstore::fakes::TemporaryFolder folder;
  EXPECT_FALSE(Database::open(folder.path() + "/none.db", true));
  EXPECT_FALSE(Database::open(folder.path() + "/no/such/folder/a.db"));
}

}  // namespace
}  // namespace server::host
