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
  monthsReachedOn,
  type Period,
  runsOf,
  unbrokenSince,
  yearsBefore,
} from './calendar.js';
export { firstDayLasting, monthsLasted, type WantedLasting } from './lasting.js';
export { countMonths, type MonthCount, type WantedMonthCount } from './months-counted.js';
