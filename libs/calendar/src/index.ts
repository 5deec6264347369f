export {
  type Day,
  dayBefore,
  daysLater,
  endOfMonth,
  fullMonths,
  type Month,
  monthOf,
  monthsBefore,
  monthsEarlier,
  type Period,
  unbrokenSince,
  yearsBefore,
} from './calendar.js';
