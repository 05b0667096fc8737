#include "sigstore/net/curl/internal/transfer.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace sigstore::net {
namespace {

bool is_token(std::string_view text) {  // RFC 9110 section 5.6.2
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(space) - first + 1);
}

// "HTTP/1.1 200 OK" or "HTTP/2 200".
int status_of(std::string_view line) {
  const auto space = std::min(line.find(' '), line.size());
  int status = 0;
  std::from_chars(line.data() + std::min(space + 1, line.size()), line.data() + line.size(), status);
  return status;
}

std::uint64_t declared_length(const Headers& headers) {
  const auto text = headers.get("Content-Length").value_or("");
  std::uint64_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

}  // namespace

Result<void> check_request(const Request& request) {
  if (!is_token(request.method)) return fail(Code::invalid_argument, "not an HTTP method: " + request.method);
  for (const auto& [name, value] : request.headers.list())
    if (!is_token(name) || value.find_first_of(std::string_view("\r\n\0", 3)) != value.npos)
      return fail(Code::invalid_argument, "an HTTP header cannot be sent",
                  name + " has a character that breaks it");
  return {};
}

Transfer::Transfer(Handle& handle, const Request& request, const BodySink* sink,
                   const std::string& host_header)
    : handle_(handle), request_(request), sink_(sink) {
  set_method_and_body();
  set_headers(host_header);
  CURL* easy = handle_.easy();
  // Large bodies come in larger pieces than curl's 16 KiB: fewer calls, and fewer threads to wake.
  if (sink_ != nullptr) curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, static_cast<long>(limits::copy_bytes));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_begin);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
}

Transfer::~Transfer() {
  curl_slist_free_all(lines_);
}

void Transfer::set_method_and_body() {
  CURL* easy = handle_.easy();
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool bodiless =
      request_.body.empty() && !request_.source && (request_.method == "GET" || request_.method == "DELETE");
  if (bodiless) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  } else if (request_.source) {
    set_source();
  } else {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void Transfer::set_source() {
  CURL* easy = handle_.easy();
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.source->size));
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt(easy, CURLOPT_READDATA, this);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
  curl_easy_setopt(easy, CURLOPT_SEEKDATA, this);
  curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, static_cast<long>(limits::copy_bytes));
}

void Transfer::set_headers(const std::string& host_header) {
  const auto add = [this](const std::string& line) { lines_ = curl_slist_append(lines_, line.c_str()); };
  for (const auto& [name, value] : request_.headers.list())
    add(value.empty() ? name + ";" : name + ": " + value);
  // libcurl adds these by itself, where it is not told otherwise.
  add("Expect:");
  if (!request_.headers.get("Content-Type")) add("Content-Type:");
  if (!host_header.empty()) add("Host: " + host_header);
  curl_easy_setopt(handle_.easy(), CURLOPT_HTTPHEADER, lines_);
  curl_easy_setopt(handle_.easy(), CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
}

std::uint64_t Transfer::bytes() const {
  curl_off_t sent = 0;
  curl_easy_getinfo(handle_.easy(), CURLINFO_SIZE_UPLOAD_T, &sent);
  return static_cast<std::uint64_t>(sent) + header_bytes_ + body_bytes_;
}

bool Transfer::stop(Code code, std::string message) {
  error_ = Error{code, request_.url.authority() + " " + std::move(message), "", ""};
  return false;
}

bool Transfer::add_header_line(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > limits::header_bytes || ++header_lines_ > limits::header_count)
    return stop(Code::too_large, "sent more headers than the " + std::to_string(limits::header_bytes) +
                                     " bytes or " + std::to_string(limits::header_count) +
                                     " lines that are taken");
  if (body_begun_) return true;     // trailers
  if (line.starts_with("HTTP/")) {  // also after "100 Continue" and the like
    response_.status = status_of(line);
    response_.headers = {};
    head_ended_ = false;
    return true;
  }
  if (trim(line).empty()) head_ended_ = true;
  const auto colon = line.find(':');
  if (colon == line.npos) return true;
  response_.headers.add(std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
  return true;
}

bool Transfer::add_body(std::string_view chunk) {
  // Where a sink is to get all of a large body, a redirect's own is none of it.
  if (is_failure() || (sink_ != nullptr && response_.status >= 300)) return keep_body(chunk);
  const std::uint64_t expected = body_begun_ ? 0 : declared_length(response_.headers);
  body_begun_ = true;
  body_bytes_ += chunk.size();
  if (std::max(body_bytes_, expected) > request_.max_body)
    return stop(Code::too_large,
                "sent more than the " + std::to_string(request_.max_body) + " bytes that are taken");
  if (sink_ == nullptr) {
    if (expected > chunk.size()) response_.body.reserve(expected);
    response_.body.append(chunk);
    return true;
  }
  return deliver(chunk);
}

bool Transfer::deliver(std::string_view chunk) {
  Result<void> taken;
  if (body_bytes_ == chunk.size() && request_.on_head) taken = request_.on_head(response_);
  if (taken) taken = (*sink_)(as_bytes(chunk));
  if (!taken) error_ = std::move(taken).error();
  return !error_;
}

Result<void> Transfer::open_source() {
  TRY(reader_, request_.source->open());
  unread_ = request_.source->size;
  return {};
}

// A source that ends early would keep the other side waiting for the rest.
Result<std::size_t> Transfer::read_source(std::span<std::uint8_t> out) {
  if (!reader_) TRY_OK(open_source());
  if (unread_ == 0) return 0;
  TRY(const std::size_t got, reader_->read(out.first(std::min<std::uint64_t>(out.size(), unread_))));
  if (got == 0)
    return fail(Code::mismatch, "what is sent to " + request_.url.authority() + " ended early",
                std::to_string(unread_) + " bytes are missing");
  unread_ -= got;
  return got;
}

// Of an error's text the beginning is enough, however much is sent.
bool Transfer::keep_body(std::string_view chunk) {
  body_begun_ = true;
  body_bytes_ += chunk.size();
  response_.body.append(chunk.substr(0, limits::error_body_bytes - response_.body.size()));
  cut_ = body_bytes_ > limits::error_body_bytes;
  return !cut_;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->add_header_line({data, size * count}) ? size * count
                                                                             : CURL_WRITEFUNC_ERROR;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->add_body({data, size * count}) ? size * count : CURL_WRITEFUNC_ERROR;
}

std::size_t Transfer::on_read(char* out, std::size_t size, std::size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  auto got = transfer->read_source({reinterpret_cast<std::uint8_t*>(out), size * count});
  if (got) return *got;
  transfer->error_ = std::move(got).error();
  return CURL_READFUNC_ABORT;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(self)->reader_.reset();  // the next read opens it anew
  return CURL_SEEKFUNC_OK;
}

// libcurl sends again by itself when a kept connection turns out to be dead. The other side may have carried
// the request out before it went, so that this is for GET and HEAD only.
int Transfer::on_begin(void* self, char*, char*, int, int) {
  auto* transfer = static_cast<Transfer*>(self);
  const std::string& method = transfer->request_.method;
  transfer->repeated_ = transfer->begun_ && method != "GET" && method != "HEAD";
  transfer->begun_ = true;
  return transfer->repeated_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

}  // namespace sigstore::net
