// Result<T>: a value, or the reason why the environment did not give one.
//
// An Error says what was attempted and failed (`message`), with errno where there is one, and what
// the user can do about it (`hint`, may be empty). It is shown as "ERROR: message" and "HINT:
// hint".
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace gimlet::base {

struct Error {
  std::string message;
  std::string hint;
  int errnum = 0;       // errno value, 0 if none
  int exit_status = 1;  // what the process exits with when this ends the run (spec C1.4)
};

// "message (strerror(errnum))", with errnum kept in the Error.
Error system_error(int errnum, std::string message, std::string hint = {});

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() { return std::get<1>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value.
struct Done {};
using Status = Result<Done>;

}  // namespace gimlet::base
