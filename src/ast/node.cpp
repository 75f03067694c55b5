#include "ast/node.h"

namespace gimlet::ast {

const char* spelling(BinaryOp op) {
  switch (op) {
    case BinaryOp::Multiply: return "*";
    case BinaryOp::Divide: return "/";
    case BinaryOp::Modulo: return "%";
    case BinaryOp::Add: return "+";
    case BinaryOp::Subtract: return "-";
    case BinaryOp::ShiftLeft: return "<<";
    case BinaryOp::ShiftRight: return ">>";
    case BinaryOp::Less: return "<";
    case BinaryOp::LessEqual: return "<=";
    case BinaryOp::Greater: return ">";
    case BinaryOp::GreaterEqual: return ">=";
    case BinaryOp::Equal: return "==";
    case BinaryOp::NotEqual: return "!=";
    case BinaryOp::BitAnd: return "&";
    case BinaryOp::BitXor: return "^";
    case BinaryOp::BitOr: return "|";
    case BinaryOp::LogicalAnd: return "&&";
    case BinaryOp::LogicalOr: return "||";
  }
  return "";
}

const char* spelling(UnaryOp op) {
  switch (op) {
    case UnaryOp::Negate: return "-";
    case UnaryOp::LogicalNot: return "!";
    case UnaryOp::BitNot: return "~";
    case UnaryOp::Dereference: return "*";
  }
  return "";
}

int precedence(BinaryOp op) {
  switch (op) {
    case BinaryOp::Multiply:
    case BinaryOp::Divide:
    case BinaryOp::Modulo: return 3;
    case BinaryOp::Add:
    case BinaryOp::Subtract: return 4;
    case BinaryOp::ShiftLeft:
    case BinaryOp::ShiftRight: return 5;
    case BinaryOp::Less:
    case BinaryOp::LessEqual:
    case BinaryOp::Greater:
    case BinaryOp::GreaterEqual: return 6;
    case BinaryOp::Equal:
    case BinaryOp::NotEqual: return 7;
    case BinaryOp::BitAnd: return 8;
    case BinaryOp::BitXor: return 9;
    case BinaryOp::BitOr: return 10;
    case BinaryOp::LogicalAnd: return 11;
    case BinaryOp::LogicalOr: return 12;
  }
  return 0;
}

}  // namespace gimlet::ast
