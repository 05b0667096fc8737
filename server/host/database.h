// SQLite behind a wall: connections, prepared statements and transactions as values, errors as results.
//
// A Database and all that comes from it belong to one thread at a time; several of one file may be used at
// once, one of them writing. Errors: Code::disk_full, Code::io, and Code::malformed for a file that is no
// database or is damaged.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "sigstore/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace server::host {

// What is bound to a "?": nothing (NULL), a number or a text.
using Cell = std::variant<std::nullptr_t, std::int64_t, std::string_view>;

// The rows of one run of a statement. The statement is free again once this dies.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  sigstore::Result<bool> next();  // false: there are no more
  // Of the current row. Text is valid until the next call of next(); NULL is "" and 0.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
};

// Empty when default-constructed; the database outlives it.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // One run at a time. Texts in `cells` outlive the rows. As many cells as the statement has "?".
  [[nodiscard]] Rows rows(std::initializer_list<Cell> cells = {});
  // To its end; for statements without rows.
  sigstore::Result<void> run(std::initializer_list<Cell> cells = {});

 private:
  sqlite3_stmt* statement_ = nullptr;
};

class Database {
 public:
  // A file, made when it is not there (a read-only one is not), or ":memory:".
  static sigstore::Result<std::unique_ptr<Database>> open(const std::string& path, bool read_only = false);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Any number of statements without values.
  sigstore::Result<void> execute(const std::string& sql);
  sigstore::Result<Statement> prepare(std::string_view sql);
  // Rows that the last INSERT, UPDATE or DELETE changed, and the key of the last that was inserted.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_key() const;
  // Whether every page and index agrees; the first thing that is wrong is the error's cause.
  sigstore::Result<void> check();

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
};

// Rolls back unless it is committed.
class Transaction {
 public:
  static sigstore::Result<Transaction> begin(Database& database);  // that will write
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  sigstore::Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace server::host
