#include "server/host/database.h"

#include <sqlite3.h>

#include <mutex>
#include <utility>

namespace server::host {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

constexpr int busy_milliseconds = 10'000;

Code code_of(int status) {
  switch (status & 0xff) {
    case SQLITE_FULL:
      return Code::disk_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
      return Code::malformed;
    default:
      return Code::io;
  }
}

std::unexpected<sigstore::Error> failed(sqlite3* handle, int status) {
  const char* text = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(status);
  return fail(code_of(status), "the database cannot be used", text);
}

// Once for the process: statistics are nobody's, and cost a lock at each allocation.
void configure() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

void bind(sqlite3_stmt* statement, int at, const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell))
    sqlite3_bind_int64(statement, at, *number);
  else if (const auto* text = std::get_if<std::string_view>(&cell))
    sqlite3_bind_text64(statement, at, text->data() != nullptr ? text->data() : "", text->size(),
                        SQLITE_STATIC, SQLITE_UTF8);
  else
    sqlite3_bind_null(statement, at);
}

}  // namespace

Rows::~Rows() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

Result<bool> Rows::next() {
  if (statement_ == nullptr) return fail(Code::internal, "the database cannot be used", "no statement");
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return failed(sqlite3_db_handle(statement_), status);
}

std::string_view Rows::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Rows::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Statement::Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  return *this;
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Rows Statement::rows(std::initializer_list<Cell> cells) {
  int at = 0;
  for (const Cell& cell : cells) bind(statement_, ++at, cell);
  return Rows(statement_);
}

Result<void> Statement::run(std::initializer_list<Cell> cells) {
  Rows all = rows(cells);
  for (;;) {
    TRY(const bool more, all.next());
    if (!more) return {};
  }
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, bool read_only) {
  configure();
  sqlite3* handle = nullptr;
  const int how = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int status = sqlite3_open_v2(path.c_str(), &handle, how | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(handle));
  if (status != SQLITE_OK) return fail(failed(handle, status).error().wrap("cannot open " + path));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_milliseconds);
  return database;
}

Database::~Database() {
  sqlite3_close_v2(handle_);
}

Result<void> Database::execute(const std::string& sql) {
  const int status = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return failed(handle_, status);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int status = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (status != SQLITE_OK) return failed(handle_, status);
  return Statement(statement);
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_);
}

std::int64_t Database::last_key() const {
  return sqlite3_last_insert_rowid(handle_);
}

Result<void> Database::check() {
  TRY(Statement statement, prepare("PRAGMA integrity_check(1)"));
  Rows rows = statement.rows();
  TRY(const bool any, rows.next());
  if (any && rows.text(0) == "ok") return {};
  return fail(Code::malformed, "the database is damaged", any ? std::string(rows.text(0)) : "");
}

Result<Transaction> Transaction::begin(Database& database) {
  TRY_OK(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  [[maybe_unused]] const auto ended = database_->execute("ROLLBACK");  // SQLite may have done so already
}

Result<void> Transaction::commit() {
  TRY_OK(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace server::host
