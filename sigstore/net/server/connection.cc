#include "sigstore/net/server/internal/connection.h"

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>

#include "sigstore/net/address.h"
#include "sigstore/net/http_date.h"
#include "sigstore/net/server/internal/response_head.h"

namespace sigstore::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t read_step = 16 * limits::kib;  // for headers
constexpr std::size_t body_step = 64 * limits::kib;  // for bodies
constexpr std::size_t drained = 256 * limits::kib;   // of a body that nobody read; more closes the connection

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

// What a request that cannot be read is answered with.
int status_for(const beast::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

// A line that goes on on the next one: others may read two headers there (RFC 9112 section 5.2).
bool has_fold(std::string_view headers) {
  return headers.find("\r\n ") != headers.npos || headers.find("\r\n\t") != headers.npos;
}

// "http://host/path", as proxies receive it, means "/path" here (RFC 9112 section 3.2.2).
std::string origin_form(std::string_view target) {
  const auto mark = target.find("://");
  if (target.starts_with('/') || mark == target.npos) return std::string(target);
  const auto path = target.find_first_of("/?", mark + 3);
  if (path == target.npos) return "/";
  return (target[path] == '?' ? "/" : "") + std::string(target.substr(path));
}

}  // namespace

// One request after the other on one connection; the Exchange that the handler sees.
class Connection::Session final : public Exchange {
 public:
  explicit Session(Connection& connection)
      : connection_(connection), buffer_(connection.options_.header_bytes + body_step) {}

  bool read_request();  // false: the connection is over
  void run_handler();
  bool finish_request();  // false: the connection is over

  const std::string& method() const override { return method_; }
  const std::string& target() const override { return target_; }
  const Headers& headers() const override { return headers_; }
  const std::string& peer() const override { return connection_.peer_; }
  bool encrypted() const override { return connection_.wire_.encrypted(); }
  const std::string& client_name() const override { return connection_.client_; }
  std::optional<std::uint64_t> content_length() const override;
  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  Result<void> respond(int status, const Headers& headers, std::string_view body) override;
  Result<void> respond(int status, const Headers& headers, FileReader& source, std::uint64_t length) override;
  int status() const override { return status_; }

 private:
  const ListenerOptions& options() const { return connection_.options_; }
  Patience body_patience() const {
    return {options().idle_timeout, options().idle_timeout, options().slowest_rate};
  }
  bool fill(std::size_t step,
            Patience& patience);  // false: nothing came; read_error_ says why, if not a plain end
  bool parse_header();
  bool take_header();
  bool refuse(int status);
  Result<void> send_continue();
  Result<std::string> begin_response(int status, const Headers& headers, std::uint64_t length);
  bool drain();

  Connection& connection_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::buffer_body>> parser_;
  std::optional<Error> read_error_;

  std::string method_, target_;
  Headers headers_;
  Patience reading_{}, writing_{};
  bool continue_due_ = false;  // the client waits for "100 Continue" before it sends the body
  bool keep_ = false;
  int status_ = 0;
};

bool Connection::Session::fill(std::size_t step, Patience& patience) {
  if (buffer_.size() + step > buffer_.max_size()) {
    read_error_ = Error{Code::malformed, "a chunk's header is too long", "", ""};
    return false;
  }
  const auto stopping = [&] {
    read_error_ = Error{Code::unavailable, "the server is stopping", "", ""};
    return false;
  };
  if (connection_.interrupted_) return stopping();  // whatever is there already
  const auto room = buffer_.prepare(step);
  auto got = connection_.wire_.read({static_cast<std::uint8_t*>(room.data()), room.size()}, patience);
  if (!got) read_error_ = std::move(got).error();
  if ((!got || *got == 0) && connection_.interrupted_) return stopping();
  if (!got || *got == 0) return false;
  buffer_.commit(*got);
  return true;
}

bool Connection::Session::read_request() {
  status_ = 0;
  read_error_.reset();
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(options().header_bytes));
  parser_->body_limit(options().body_bytes);
  if (buffer_.size() == 0) {
    Patience idle{options().idle_timeout, options().idle_timeout};
    if (!fill(read_step, idle)) return false;
  }
  connection_.busy_ = true;
  reading_ = writing_ = body_patience();
  return parse_header() && take_header();
}

bool Connection::Session::parse_header() {
  Patience patience{options().header_timeout, options().header_timeout};
  while (true) {
    beast::error_code error;
    const auto held = buffer_.data();
    const std::size_t taken = parser_->put(held, error);
    if (has_fold({static_cast<const char*>(held.data()), taken})) return refuse(400);
    buffer_.consume(taken);
    if (error && error != http::error::need_more) return refuse(status_for(error));
    if (parser_->is_header_done()) return true;
    if (buffer_.size() > options().header_bytes) return refuse(431);
    if (!fill(read_step, patience))
      return read_error_ && read_error_->code == Code::timeout ? refuse(408) : false;
  }
}

// Copies what the handler sees, and refuses what is ambiguous.
bool Connection::Session::take_header() {
  const auto& request = parser_->get();
  method_ = view(request.method_string());
  target_ = origin_form(view(request.target()));
  headers_ = {};
  for (const auto& field : request)
    headers_.add(std::string(view(field.name_string())), std::string(view(field.value())));
  keep_ = request.keep_alive();
  continue_due_ = request.version() >= 11 && beast::iequals(request[http::field::expect], "100-continue");
  if (headers_.list().size() > limits::header_count) return refuse(431);
  if (request.version() >= 11 && headers_.all("Host").size() != 1) return refuse(400);
  if (request.count(http::field::transfer_encoding) != 0 && !parser_->chunked()) return refuse(501);
  return true;
}

bool Connection::Session::refuse(int status) {
  keep_ = false;
  method_ = "GET";
  if (respond(status, {{"Content-Type", "text/plain"}}, std::string(reason_phrase(status)) + "\n")) {
    connection_.wire_.say_goodbye();
    connection_.wire_.linger();
  }
  return false;
}

void Connection::Session::run_handler() {
  try {
    connection_.handler_(*this);
  } catch (...) {  // a handler of another room: its fault ends this exchange, not the server
    keep_ = false;
  }
  if (status_ == 0) (void)respond(500, {}, "");
}

bool Connection::Session::finish_request() {
  if (keep_ && drain()) {
    connection_.silent_since_ = std::chrono::steady_clock::now();
    connection_.busy_ = false;
    return !connection_.finishing_;
  }
  connection_.wire_.say_goodbye();
  if (!parser_->is_done() || buffer_.size() != 0) connection_.wire_.linger();
  return false;
}

// Takes in what the handler left of the body, so that the next request can follow.
bool Connection::Session::drain() {
  std::array<std::uint8_t, 4096> rest;
  if (parser_->is_done()) return true;
  if (continue_due_ || content_length().value_or(0) > drained) return false;
  for (std::size_t taken = 0; taken <= drained;) {
    const auto got = read(rest);
    if (!got) return false;
    if (*got == 0) return true;
    taken += *got;
  }
  return false;
}

std::optional<std::uint64_t> Connection::Session::content_length() const {
  if (parser_->chunked()) return std::nullopt;
  const auto length = parser_->content_length();
  return length ? *length : 0;
}

Result<void> Connection::Session::send_continue() {
  if (!std::exchange(continue_due_, false) || status_ != 0) return {};
  return connection_.wire_.write("HTTP/1.1 100 Continue\r\n\r\n", "", writing_);
}

Result<std::size_t> Connection::Session::read(std::span<std::uint8_t> out) {
  if (read_error_) return fail(*read_error_);
  if (parser_->is_done() || out.empty()) return 0;
  TRY_OK(send_continue());
  parser_->eager(true);
  auto& body = parser_->get().body();
  body.data = out.data();
  body.size = out.size();
  bool hungry = buffer_.size() == 0;
  while (body.size == out.size() && !parser_->is_done()) {
    if (hungry && !fill(body_step, reading_)) {
      keep_ = false;
      if (!read_error_)
        read_error_ = Error{Code::unreachable, "the client closed the connection within a body", "", ""};
      return fail(*read_error_);
    }
    beast::error_code error;
    buffer_.consume(parser_->put(buffer_.data(), error));
    hungry = error == http::error::need_more || buffer_.size() == 0;
    if (error && error != http::error::need_more && error != http::error::need_buffer) {
      keep_ = false;
      const Code code = error == http::error::body_limit ? Code::too_large : Code::malformed;
      read_error_ = Error{code, "the request's body cannot be read", error.message(), ""};
      return fail(*read_error_);
    }
  }
  return out.size() - body.size;
}

// Everything up to the body. Decides on keeping the connection.
Result<std::string> Connection::Session::begin_response(int status, const Headers& headers,
                                                        std::uint64_t length) {
  if (status_ != 0) return fail(Code::internal, "this request is answered already");
  const bool body_left = parser_->is_header_done() && !parser_->is_done();
  if (connection_.finishing_ || (body_left && (continue_due_ || content_length().value_or(0) > drained)))
    keep_ = false;
  const std::string date = options().clock ? http_date(options().clock->now()) : "";
  TRY(auto head, response_head({status, &headers, length, method_ == "HEAD", keep_, date}));
  status_ = status;
  return head;
}

Result<void> Connection::Session::respond(int status, const Headers& headers, std::string_view body) {
  TRY(auto head, begin_response(status, headers, body.size()));
  if (method_ == "HEAD" || !has_body(status)) body = {};
  auto sent = connection_.wire_.write(head, body, writing_);
  if (!sent) keep_ = false;
  return sent;
}

Result<void> Connection::Session::respond(int status, const Headers& headers, FileReader& source,
                                          std::uint64_t length) {
  TRY(std::string head, begin_response(status, headers, length));
  if (method_ == "HEAD" || !has_body(status)) length = 0;
  const bool keep = std::exchange(keep_, false);  // until all of it has left
  std::string chunk;
  do {
    chunk.resize(std::min<std::uint64_t>(length, body_step));
    if (length != 0) {
      TRY(const std::size_t got, source.read({reinterpret_cast<std::uint8_t*>(chunk.data()), chunk.size()}));
      if (got == 0) return fail(Code::io, "the answer's body ended early");
      chunk.resize(got);
    }
    TRY_OK(connection_.wire_.write(head, chunk, writing_));
    head.clear();
    length -= chunk.size();
  } while (length != 0);
  keep_ = keep;
  return {};
}

Connection::Connection(int fd, std::string peer, const ListenerOptions& options, const Handler& handler,
                       std::shared_ptr<SSL_CTX> tls)
    : wire_(fd),
      peer_(std::move(peer)),
      network_(network_of(peer_)),
      options_(options),
      handler_(handler),
      tls_(std::move(tls)),
      silent_since_(std::chrono::steady_clock::now()) {}

Connection::~Connection() = default;

void Connection::serve() {
  if (tls_) {
    if (!wire_.handshake(tls_.get(), {options_.header_timeout, options_.header_timeout})) return;
    client_ = wire_.client_name();
  }
  Session session(*this);
  while (!finishing_ && session.read_request()) {
    session.run_handler();
    if (!session.finish_request()) return;
  }
}

void Connection::finish() {
  finishing_ = true;
  if (!busy_) wire_.cut();
}

void Connection::interrupt() {
  interrupted_ = true;
  wire_.stop_reading();
}

std::optional<std::chrono::steady_clock::time_point> Connection::silent_since() const {
  if (busy_) return std::nullopt;
  return silent_since_.load();
}

}  // namespace sigstore::net
